import * as orgpolicy from "@pulumi/gcp/orgpolicy/index.js";
import * as projects from "@pulumi/gcp/projects/index.js";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../check.ts";
import { argumentProblems } from "../gcp.ts";
import { retainLogs, retentionProblems } from "../gcp-logs.ts";
import { buildRegionalEndpoint, isRegionalHost } from "./gcp-endpoint.ts";
import { buildPerimeter } from "./gcp-perimeter.ts";
import type { ModelService, ModelServiceArgs } from "./types.ts";

/**
 * The managed models of one project. Vertex AI belongs to the project and has no network settings of its own, so it is
 * closed from outside: a service perimeter lets in the own network and the stated addresses. The project answers for
 * the named models only (organisation policy, in place of whatever is set above the project). The own gateway reaches
 * regional names over an endpoint in the network. Every call is logged, without the prompt.
 *
 * Perimeter and organisation policy need `accessPolicy` at the location. Without it, access is a matter of IAM alone,
 * which is allowed only when no gateway of another cloud calls. `protect` is not used: nothing here holds state.
 *
 * @throws Error when addresses are to be let in but the location has no `accessPolicy`, no model is named, or a model
 * has no publisher
 */
export class GcpModelService extends pulumi.ComponentResource implements ModelService {
  readonly serviceId: pulumi.Output<string>;

  constructor(name: string, args: ModelServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("twocloud:index:GcpModelService", name, {}, opts);
    refuse("GcpModelService", name, problemsOf(args));
    const build: Build = { name, args, opts: { parent: this } };

    buildAuditLogs(build);
    buildEndpoints(build);
    const guards = buildGuards(build);

    const { account, accessPolicy, cloud, name: location, region } = args.location;
    this.serviceId = guards === undefined ? pulumi.output(args.scope) : guards;
    this.registerOutputs({
      cloud,
      location,
      account,
      region,
      closed: accessPolicy !== undefined,
      models: args.models.map(({ name: path, model }) => ({ path, modelId: model.modelId, scope: model.scope })),
      allowedAddresses: args.allowedAddresses,
      serviceId: this.serviceId,
    });
  }
}

interface Build {
  readonly name: string;
  readonly args: ModelServiceArgs;
  readonly opts: { readonly parent: GcpModelService };
}

/** Whether somebody outside may call; addresses that are not known yet count as somebody. */
function isEntered({ allowedAddresses }: ModelServiceArgs): boolean {
  return !(Array.isArray(allowedAddresses) && allowedAddresses.length === 0);
}

function problemsOf(args: ModelServiceArgs): string[] {
  const { location, models } = args;
  const problems = [...argumentProblems(location, args.tags), ...retentionProblems(args.logRetentionDays)];
  if (models.length === 0) problems.push(`no model is named; leave out the model service of ${location.name}`);
  for (const { name, model } of models) {
    if (model.publisher === "")
      problems.push(`model ${model.modelId} of ${name} has no publisher; write it in stacks/models.yaml`);
  }
  if (location.accessPolicy === undefined && isEntered(args)) {
    problems.push(
      `location ${location.name} has no accessPolicy, and gateways of other clouds call its models: without a service ` +
        "perimeter they would be open to the internet. Write the number of the organisation's access policy " +
        "(gcloud access-context-manager policies list --organization=<number>)",
    );
  }
  if (location.accessPolicy !== undefined && !/^\d+$/.test(location.accessPolicy)) {
    problems.push(`location ${location.name} has accessPolicy "${location.accessPolicy}"; it is a number, quoted`);
  }
  return problems;
}

/** Perimeter, then policy. @returns the perimeter's name; undefined where the location has no access policy */
function buildGuards(build: Build): pulumi.Output<string> | undefined {
  const { name, args, opts } = build;
  const { accessPolicy } = args.location;
  if (accessPolicy === undefined) return undefined;
  buildAllowedModels(build);
  return buildPerimeter(name, { ...args, accessPolicy, entered: isEntered(args) }, opts).name;
}

/** https://cloud.google.com/vertex-ai/generative-ai/docs/control-model-access */
function buildAllowedModels({ name, args, opts }: Build): void {
  const parent = pulumi.interpolate`projects/${args.scope}`;
  new orgpolicy.Policy(
    `${name}-allowed`,
    {
      parent,
      name: pulumi.interpolate`${parent}/policies/vertexai.allowedModels`,
      spec: { inheritFromParent: false, rules: [{ values: { allowedValues: allowedModels(args) } }] },
    },
    opts,
  );
}

/** The policy knows models without their versions. */
function allowedModels({ models }: ModelServiceArgs): string[] {
  const allowed = models.map(({ model: { publisher, modelId } }) => {
    const [bare = modelId] = modelId.split("@");
    return `publishers/${publisher.toLowerCase()}/models/${bare}:predict`;
  });
  return [...new Set(allowed)].sort();
}

/** Who asked which model and when. GCP keeps such logs only when told to; they say nothing of prompt and answer. */
function buildAuditLogs({ name, args, opts }: Build): void {
  new projects.IAMAuditConfig(
    `${name}-audit`,
    {
      project: args.scope,
      service: "aiplatform.googleapis.com",
      auditLogConfigs: [{ logType: "ADMIN_READ" }, { logType: "DATA_READ" }, { logType: "DATA_WRITE" }],
    },
    opts,
  );
  retainLogs(
    `${name}-calls`,
    {
      location: args.location,
      scope: args.scope,
      // After the network's own name, which is another one each time that it is made.
      bucketId: pulumi.output(args.networkId).apply((id) => `${id.split("/").at(-1)}-models`),
      filter: 'protoPayload.serviceName="aiplatform.googleapis.com"',
      retentionDays: args.logRetentionDays,
      description: `Calls of the models of ${args.location.name}`,
    },
    opts,
  );
}

function buildEndpoints({ name, args, opts }: Build): void {
  const hosts = [...new Set(args.models.map(({ model }) => model.host))].filter(isRegionalHost).sort();
  const subnetId = pulumi.output(args.endpointSubnetIds).apply(([id = ""]) => id);
  for (const host of hosts) {
    const role = host.replace(/\.rep\.googleapis\.com$/, "").replaceAll(".", "-");
    buildRegionalEndpoint(`${name}-${role}`, { ...args, host, subnetId }, opts);
  }
}
