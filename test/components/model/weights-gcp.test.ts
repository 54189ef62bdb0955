import { describe, expect, test } from "vitest";
import { GcpWeights, type GcpWeightsArgs } from "../../../components/model/weights-gcp.ts";
import { gcpCalls, gcpIssuer, gcpLocation, gcpOutputs, tags } from "../../support/gcp.ts";
import { construct, listOf, named } from "../../support/mocks.ts";

const args: GcpWeightsArgs = {
  location: gcpLocation,
  scope: "example-ai",
  issuerUrl: gcpIssuer,
  namespace: "support-chat-gcp-main",
  serviceAccount: "model-server",
  protect: true,
  tags,
};

const build = (changes: Partial<GcpWeightsArgs> = {}) =>
  construct(() => new GcpWeights("weights", { ...args, ...changes }), { outputs: gcpOutputs, calls: gcpCalls });

describe("GcpWeights", () => {
  test("is these resources, each below the component", async () => {
    const resources = await build();
    expect(listOf(resources)).toEqual([
      "twocloud:index:GcpWeights weights",
      "gcp:storage/bucket:Bucket weights-bucket",
      "gcp:kms/keyRing:KeyRing weights-keys",
      "gcp:kms/cryptoKey:CryptoKey weights-objects",
      "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember weights-objects-storage",
      "gcp:storage/bucketIAMMember:BucketIAMMember weights-reader",
    ]);
    expect(resources.filter(({ custom }) => custom).map(({ parent }) => parent)).toEqual(Array(5).fill("weights"));
  });

  test("is closed to the public, keeps versions and is encrypted with its own key", async () => {
    const resources = await build();
    expect(named(resources, "weights-bucket").inputs).toMatchObject({
      location: "EUROPE-WEST4",
      uniformBucketLevelAccess: true,
      publicAccessPrevention: "enforced",
      versioning: { enabled: true },
      encryption: {
        defaultKmsKeyName:
          "projects/example-ai/locations/europe-west4/keyRings/weights-keys/cryptoKeys/weights-objects",
      },
      forceDestroy: false,
    });
    expect(named(resources, "weights-bucket").dependsOn).toContain("weights-objects-storage");
    expect(named(resources, "weights-objects-storage").inputs.member).toBe(
      "serviceAccount:service-123456789012@gs-project-accounts.iam.gserviceaccount.com",
    );
  });

  test("lets one service account read, and nobody else", async () => {
    const grants = (await build()).filter(({ type }) => type.endsWith(":BucketIAMMember"));
    expect(grants.map(({ inputs }) => [inputs.role, inputs.member])).toEqual([
      [
        "roles/storage.objectViewer",
        "principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/example-ai.svc.id.goog/subject/ns/support-chat-gcp-main/sa/model-server",
      ],
    ]);
  });

  test("keeps bucket and key where the environment says so", async () => {
    const kept = async (protect: boolean) => {
      const resources = await build({ protect });
      return ["weights-bucket", "weights-objects"].map((name) => named(resources, name).protect);
    };
    expect(await kept(true)).toEqual([true, true]);
    expect(await kept(false)).toEqual([false, false]);
  });

  test("refuses what is no Kubernetes name", async () => {
    await expect(build({ namespace: "Support", serviceAccount: "" })).rejects.toThrow(
      /"Support"[\s\S]*serviceAccount is ""/,
    );
  });
});
