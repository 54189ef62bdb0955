import * as cognitiveservices from "@pulumi/azure-native/cognitiveservices/index.js";
import * as network from "@pulumi/azure-native/network/index.js";
import * as privatedns from "@pulumi/azure-native/privatedns/index.js";
import * as pulumi from "@pulumi/pulumi";
import { asWritten, logWorkspace, retentionProblems, sendLogs } from "../azure.ts";
import { locationProblems, refuse } from "../check.ts";
import { guarded, successorFirst } from "../guard.ts";
import { azureModelProblems, subdomainOf } from "./azure-models.ts";
import type { ModelService, ModelServiceArgs } from "./types.ts";

/**
 * An Azure OpenAI account with one deployment for each path: no keys, a private endpoint in the network, and the
 * internet shut out but for the stated addresses.
 *
 * A deleted account keeps its host name for 48 hours: to build it again sooner, purge it
 * (https://learn.microsoft.com/azure/ai-services/recover-purge-resources).
 *
 * @throws Error when the models name several hosts, a version or SKU is missing, a deployment name occurs twice, or a
 * model is not OpenAI's (others have another endpoint and need another role)
 */
export class AzureModelService extends pulumi.ComponentResource implements ModelService {
  readonly serviceId: pulumi.Output<string>;

  constructor(name: string, args: ModelServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("twocloud:index:AzureModelService", name, {}, opts);
    refuse("AzureModelService", name, problemsOf(args));
    const build: Build = { name, args, opts: { parent: this } };

    const account = buildAccount(build, { ...guarded(this, args.protect), ...successorFirst });
    const endpoint = buildEndpoint(build, account);
    const zone = buildPrivateZone(build);
    const resolved = buildZoneGroup(build, endpoint, zone);
    const deployments = buildDeployments(build, account, endpoint);
    buildLogs(build, account);

    const { account: subscription, cloud, name: location, region } = args.location;
    const ready = pulumi.all([resolved.id, ...deployments.map(({ id }) => id)]);
    this.serviceId = pulumi.all([account.id, ready]).apply(([id]) => id);
    this.registerOutputs({
      cloud,
      location,
      account: subscription,
      region,
      host: args.models[0]?.model.host,
      models: args.models.map(({ model }) => model.modelId),
      serviceId: this.serviceId,
    });
  }
}

interface Build {
  readonly name: string;
  readonly args: ModelServiceArgs;
  readonly opts: { readonly parent: AzureModelService };
}

function problemsOf({ location, models, logRetentionDays }: ModelServiceArgs): string[] {
  return [
    ...locationProblems("azure", location),
    ...retentionProblems(logRetentionDays),
    ...azureModelProblems(models),
  ];
}

function buildAccount({ name, args }: Build, opts: pulumi.CustomResourceOptions): cognitiveservices.Account {
  const allowed = pulumi.output(args.allowedAddresses);
  const properties = {
    customSubDomainName: subdomainOf(args.models),
    disableLocalAuth: true,
    publicNetworkAccess: allowed.apply((addresses) =>
      addresses.length === 0
        ? cognitiveservices.PublicNetworkAccess.Disabled
        : cognitiveservices.PublicNetworkAccess.Enabled,
    ),
    networkAcls: {
      defaultAction: cognitiveservices.NetworkRuleAction.Deny,
      bypass: cognitiveservices.ByPassSelection.None,
      ipRules: allowed.apply((addresses) => addresses.map((value) => ({ value }))),
    },
    restrictOutboundNetworkAccess: true,
    allowedFqdnList: [],
  };
  return new cognitiveservices.Account(
    `${name}-account`,
    {
      resourceGroupName: args.scope,
      location: args.location.region,
      kind: "OpenAI",
      sku: { name: "S0" },
      identity: { type: cognitiveservices.ResourceIdentityType.SystemAssigned },
      properties,
      tags: args.tags,
    },
    { ...opts, transformations: [asWritten({ properties })] },
  );
}

function buildEndpoint({ name, args, opts }: Build, account: cognitiveservices.Account): network.PrivateEndpoint {
  return new network.PrivateEndpoint(
    `${name}-endpoint`,
    {
      resourceGroupName: args.scope,
      location: args.location.region,
      subnet: { id: pulumi.output(args.endpointSubnetIds).apply((ids) => ids[0] ?? "") },
      privateLinkServiceConnections: [{ name: "account", privateLinkServiceId: account.id, groupIds: ["account"] }],
      tags: args.tags,
    },
    opts,
  );
}

/** https://learn.microsoft.com/azure/private-link/private-endpoint-dns */
const privateZone = "privatelink.openai.azure.com";

/** Inside the network the account's public name leads to its private endpoint. */
function buildPrivateZone({ name, args, opts }: Build): privatedns.PrivateZone {
  const zone = new privatedns.PrivateZone(
    `${name}-zone`,
    { resourceGroupName: args.scope, privateZoneName: privateZone, location: "global", tags: args.tags },
    opts,
  );
  new privatedns.VirtualNetworkLink(
    `${name}-zone`,
    {
      resourceGroupName: args.scope,
      privateZoneName: zone.name,
      location: "global",
      virtualNetwork: { id: args.networkId },
      registrationEnabled: false,
      // Else accounts elsewhere that have a private endpoint of their own could not be found from here.
      resolutionPolicy: privatedns.ResolutionPolicy.NxDomainRedirect,
      tags: args.tags,
    },
    opts,
  );
  return zone;
}

function buildZoneGroup(
  { name, args, opts }: Build,
  endpoint: network.PrivateEndpoint,
  zone: privatedns.PrivateZone,
): network.PrivateDnsZoneGroup {
  return new network.PrivateDnsZoneGroup(
    `${name}-endpoint`,
    {
      resourceGroupName: args.scope,
      privateEndpointName: endpoint.name,
      privateDnsZoneConfigs: [{ name: "openai", privateDnsZoneId: zone.id }],
    },
    opts,
  );
}

/** One after another, and after the endpoint: an account takes one change at a time and refuses the rest meanwhile. */
function buildDeployments(
  { name, args, opts }: Build,
  account: cognitiveservices.Account,
  endpoint: network.PrivateEndpoint,
): cognitiveservices.Deployment[] {
  const built: cognitiveservices.Deployment[] = [];
  for (const { name: path, model } of args.models) {
    const deployment = new cognitiveservices.Deployment(
      `${name}-${path}`,
      {
        resourceGroupName: args.scope,
        accountName: account.name,
        deploymentName: model.modelId,
        sku: { name: model.sku ?? "", capacity: model.capacityThousandTokensPerMinute },
        properties: {
          model: { format: model.publisher, name: model.name, version: model.version ?? "" },
          versionUpgradeOption: cognitiveservices.DeploymentModelVersionUpgradeOption.NoAutoUpgrade,
          // Azure's own content filter, which it also takes when nothing is said.
          raiPolicyName: "Microsoft.DefaultV2",
        },
        tags: args.tags,
      },
      { ...opts, ...successorFirst, dependsOn: [endpoint, ...built.slice(-1)] },
    );
    built.push(deployment);
  }
  return built;
}

/** Who changed the account, and every call's caller, deployment and result; neither prompts nor answers. */
const logCategories = ["Audit", "RequestResponse"] as const;

function buildLogs({ name, args, opts }: Build, account: cognitiveservices.Account): void {
  const workspace = logWorkspace(`${name}-logs`, args, opts);
  sendLogs(`${name}-logs`, account.id, workspace, logCategories, opts);
}
