import { ServicePerimeter } from "@pulumi/gcp/accesscontextmanager/index.js";
import { describe, expect, test } from "vitest";
import { GcpModelAccess } from "../../../components/identity/gcp.ts";
import type { ModelAccessArgs } from "../../../components/identity/types.ts";
import { awsLocation } from "../../support/aws.ts";
import { gcpIssuer, gcpLocation, gcpOutputs, tags } from "../../support/gcp.ts";
import { construct, listOf, named } from "../../support/mocks.ts";

const eksIssuer = "https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF";

const args: ModelAccessArgs = {
  target: gcpLocation,
  gateway: awsLocation,
  issuerUrl: eksIssuer,
  namespace: "twocloud-gateway",
  serviceAccount: "twocloud-gateway",
  models: [{ modelId: "gemini-flash", foundationModel: null, profileRegions: null }],
  sourceAddresses: ["203.0.113.7"],
  serviceId: "accessPolicies/987654321/servicePerimeters/models",
  scope: "example-ai",
  tags,
};

const subject = "system:serviceaccount:twocloud-gateway:twocloud-gateway";

const build = (changes: Partial<ModelAccessArgs> = {}) =>
  construct(() => new GcpModelAccess("access", { ...args, ...changes }), { outputs: gcpOutputs });

describe("GcpModelAccess of a gateway in another cloud", () => {
  test("is these resources, each below the component", async () => {
    const resources = await build();
    expect(listOf(resources)).toEqual([
      "twocloud:index:GcpModelAccess access",
      "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider access-issuer",
      "gcp:iam/workloadIdentityPool:WorkloadIdentityPool access-pool",
      "gcp:projects/iAMCustomRole:IAMCustomRole access-prompt",
      "gcp:projects/iAMMember:IAMMember access-prompt",
    ]);
    expect(resources.filter(({ custom }) => custom).map(({ parent }) => parent)).toEqual(Array(4).fill("access"));
  });

  test("trusts one subject of one issuer, for one audience", async () => {
    const { inputs } = named(await build(), "access-issuer");
    expect(inputs).toMatchObject({
      attributeMapping: { "google.subject": "assertion.sub" },
      attributeCondition: `assertion.sub == "${subject}"`,
      oidc: {
        issuerUri: eksIssuer,
        allowedAudiences: ["https://iam.googleapis.com/projects/123456789012/twocloud/gcp-main"],
      },
    });
  });

  test("allows exactly that subject to send prompts, and nothing else", async () => {
    const resources = await build();
    const { workloadIdentityPoolId } = named(resources, "access-pool").inputs;
    expect(named(resources, "access-prompt", "gcp:projects/iAMCustomRole:IAMCustomRole").inputs.permissions).toEqual([
      "aiplatform.endpoints.predict",
    ]);
    expect(named(resources, "access-prompt", "gcp:projects/iAMMember:IAMMember").inputs).toEqual({
      project: "example-ai",
      role: expect.stringMatching(/^projects\/example-ai\/roles\/twocloudPrompt[0-9a-f]{8}$/),
      member: `principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/${workloadIdentityPoolId}/subject/${subject}`,
    });
  });

  test("names the provider for the client configuration, and the audience as a constant", async () => {
    const resources = await build();
    const { workloadIdentityPoolId } = named(resources, "access-pool").inputs;
    expect(named(resources, "access").outputs).toMatchObject({
      principal: `projects/123456789012/locations/global/workloadIdentityPools/${workloadIdentityPoolId}/providers/kubernetes`,
      audience: "https://iam.googleapis.com/projects/123456789012/twocloud/gcp-main",
      subject,
      models: ["gemini-flash"],
    });
  });

  test("gives the pool of a new cluster a new name, since a deleted one stays taken", async () => {
    const idOf = async (issuerUrl: string) =>
      named(await build({ issuerUrl }), "access-pool").inputs.workloadIdentityPoolId as string;
    const [first, again, other] = [await idOf(eksIssuer), await idOf(eksIssuer), await idOf(`${eksIssuer}0`)];
    expect(first).toBe(again);
    expect(first).not.toBe(other);
    expect(first).toMatch(/^twocloud-aws-main-[0-9a-f]{8}$/);
    expect(first.length).toBeLessThanOrEqual(32);
  });

  test("does not let anybody in before the service's perimeter is there", async () => {
    const resources = await construct(
      () => {
        const perimeter = new ServicePerimeter("perimeter", { parent: "accessPolicies/987654321", title: "models" });
        new GcpModelAccess("access", { ...args, serviceId: perimeter.name });
      },
      { outputs: gcpOutputs },
    );
    expect(named(resources, "access-prompt", "gcp:projects/iAMMember:IAMMember").dependsOn).toContain("perimeter");
  });

  test("refuses a target elsewhere and an access to nothing", async () => {
    const wrong = build({ target: awsLocation, models: [] });
    await expect(wrong).rejects.toThrow(/this component builds in gcp[\s\S]*no model is named/);
  });
});

describe("GcpModelAccess of a gateway in GKE", () => {
  const own = (changes: Partial<ModelAccessArgs> = {}) =>
    build({ gateway: gcpLocation, issuerUrl: gcpIssuer, sourceAddresses: [], ...changes });

  test("uses the pool that the cluster's project has anyway", async () => {
    const resources = await own();
    expect(listOf(resources)).toEqual([
      "twocloud:index:GcpModelAccess access",
      "gcp:projects/iAMCustomRole:IAMCustomRole access-prompt",
      "gcp:projects/iAMMember:IAMMember access-prompt",
    ]);
    expect(named(resources, "access-prompt", "gcp:projects/iAMMember:IAMMember").inputs.member).toBe(
      "principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/example-ai.svc.id.goog/subject/ns/twocloud-gateway/sa/twocloud-gateway",
    );
    expect(named(resources, "access").outputs?.principal).toBe("");
  });

  test("knows the gateway of another project by that project's pool", async () => {
    const gateway = { ...gcpLocation, name: "gcp-other", account: "other-ai", projectNumber: "42" };
    const issuerUrl = gcpIssuer.replace("example-ai", "other-ai");
    const { inputs } = named(await own({ gateway, issuerUrl }), "access-prompt", "gcp:projects/iAMMember:IAMMember");
    expect(inputs).toMatchObject({
      project: "example-ai",
      member: expect.stringContaining("projects/42/locations/global/workloadIdentityPools/other-ai.svc.id.goog/"),
    });
  });
});
