import * as iam from "@pulumi/gcp/iam/index.js";
import * as projects from "@pulumi/gcp/projects/index.js";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../check.ts";
import { argumentProblems, clusterIdentity, federationAudience } from "../gcp.ts";
import { stableName } from "../plan/names.ts";
import type { ModelAccess, ModelAccessArgs } from "./types.ts";

/**
 * Lets one gateway call the models of a GCP location. A gateway in another cloud is trusted through a workload identity
 * pool of its own: tokens of its cluster's issuer, for this location's audience, of exactly one service account. A
 * gateway in GKE is known to IAM already. Both get a role with the one permission that a prompt needs
 * (`aiplatform.endpoints.predict`,
 * https://cloud.google.com/vertex-ai/generative-ai/docs/access-control): `roles/aiplatform.user` could also deploy,
 * tune and read. IAM can't tell models apart; which ones the project answers for, `GcpModelService` says.
 *
 * A deleted pool keeps its name for 30 days, so its name follows the issuer: a new cluster gets a new pool. To rebuild
 * the pool alone within that time, `gcloud iam workload-identity-pools undelete` it and import it. `sourceAddresses`
 * is not used: the service's perimeter checks where calls come from.
 *
 * @throws Error when no model is named, or the target is not in GCP
 */
export class GcpModelAccess extends pulumi.ComponentResource implements ModelAccess {
  readonly principal: pulumi.Output<string>;
  readonly audience: string;

  constructor(name: string, args: ModelAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("twocloud:index:GcpModelAccess", name, {}, opts);
    refuse("GcpModelAccess", name, problemsOf(args));
    const build: Build = { name, args, opts: { parent: this } };

    const caller = args.gateway.cloud === "gcp" ? buildNothing(args) : buildFederation(build);
    const role = buildRole(build);
    buildGrant(build, caller, role);

    const { account, cloud, name: location, region } = args.target;
    this.principal = caller.provider;
    this.audience = federationAudience(args.target);
    this.registerOutputs({
      cloud,
      location,
      account,
      region,
      gateway: args.gateway.name,
      gatewayCloud: args.gateway.cloud,
      subject: subjectOf(args),
      models: args.models.map(({ modelId }) => modelId),
      principal: this.principal,
      audience: this.audience,
    });
  }
}

interface Build {
  readonly name: string;
  readonly args: ModelAccessArgs;
  readonly opts: { readonly parent: GcpModelAccess };
}

/** Who calls: as IAM names it, and the provider that vouches for it, empty where none is needed. */
interface Caller {
  readonly member: pulumi.Output<string>;
  readonly provider: pulumi.Output<string>;
}

function problemsOf({ target, gateway, models, tags }: ModelAccessArgs): string[] {
  const problems = argumentProblems(target, tags);
  if (models.length === 0)
    problems.push(`no model is named; leave out the access of ${gateway.name} to ${target.name}`);
  if (gateway.cloud === "gcp") problems.push(...argumentProblems(gateway, {}));
  return problems;
}

function subjectOf({ namespace, serviceAccount }: ModelAccessArgs): string {
  return `system:serviceaccount:${namespace}:${serviceAccount}`;
}

/** Longest id of a pool. https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools */
const maxPoolId = 32;

/** Longest id of a custom role. https://cloud.google.com/iam/docs/creating-custom-roles */
const maxRoleId = 64;

function buildNothing({ gateway, issuerUrl, namespace, serviceAccount }: ModelAccessArgs): Caller {
  return {
    member: clusterIdentity(gateway, issuerUrl, namespace, serviceAccount),
    provider: pulumi.output(""),
  };
}

function buildFederation({ name, args, opts }: Build): Caller {
  const { target, gateway, issuerUrl, scope } = args;
  const subject = subjectOf(args);
  const pool = new iam.WorkloadIdentityPool(
    `${name}-pool`,
    {
      project: scope,
      workloadIdentityPoolId: pulumi
        .output(issuerUrl)
        .apply((issuer) => stableName(`twocloud-${gateway.name}`, `${target.name} ${issuer}`, maxPoolId)),
      displayName: `Gateway ${gateway.name}`.slice(0, maxPoolId),
      description: `The gateway in ${gateway.name} (${gateway.cloud})`,
    },
    opts,
  );
  const provider = new iam.WorkloadIdentityPoolProvider(
    `${name}-issuer`,
    {
      project: scope,
      workloadIdentityPoolId: pool.workloadIdentityPoolId,
      workloadIdentityPoolProviderId: "kubernetes",
      description: `Cluster of the gateway in ${gateway.name}`,
      attributeMapping: { "google.subject": "assertion.sub" },
      attributeCondition: `assertion.sub == "${subject}"`,
      oidc: { issuerUri: issuerUrl, allowedAudiences: [federationAudience(target)] },
    },
    opts,
  );
  const member = pulumi.interpolate`principal://iam.googleapis.com/${pool.name}/subject/${subject}`;
  return { member, provider: provider.name };
}

function buildRole({ name, args, opts }: Build): projects.IAMCustomRole {
  const { target, gateway, issuerUrl } = args;
  return new projects.IAMCustomRole(
    `${name}-prompt`,
    {
      project: args.scope,
      // A deleted role keeps its name too; see above.
      roleId: pulumi
        .output(issuerUrl)
        .apply((issuer) => stableName("twocloudPrompt", `${target.name} ${gateway.name} ${issuer}`, maxRoleId, "")),
      title: `Prompt models from ${gateway.name}`,
      description: "Send prompts to models; nothing else",
      permissions: ["aiplatform.endpoints.predict"],
      stage: "GA",
    },
    opts,
  );
}

function buildGrant({ name, args, opts }: Build, caller: Caller, role: projects.IAMCustomRole): void {
  // The service stands first: nobody is let in before its perimeter is there.
  const project = pulumi.all([args.scope, args.serviceId]).apply(([scope]) => scope);
  new projects.IAMMember(`${name}-prompt`, { project, role: role.name, member: caller.member }, opts);
}
