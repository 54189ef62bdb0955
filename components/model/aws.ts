import * as pulumi from "@pulumi/pulumi";
import { policyDocument, retentionProblems } from "../aws.ts";
import { locationProblems, refuse } from "../check.ts";
import { buildEndpointGroup, buildInterfaceEndpoint } from "../network/aws-endpoints.ts";
import type { Location, ManagedModel } from "../plan/types.ts";
import { buildInvocationLogging } from "./aws-logging.ts";
import { invocableArns, invocationActions, modelProblems } from "./aws-resources.ts";
import type { ModelService, ModelServiceArgs } from "./types.ts";

/**
 * Bedrock inside the location's network: an endpoint that the network's machines reach by Bedrock's own name, and
 * through which this account calls the named models and nothing else. Bedrock itself is AWS's and is always there; who
 * may call it, and from where, is decided by each `AwsModelAccess`. So `allowedAddresses` is not used: there is nothing
 * to open. What is asked in the region is logged ({@link buildInvocationLogging}).
 *
 * @throws Error when no model is named, or one by an id that Bedrock can't have, or CloudWatch has no such retention
 */
export class AwsModelService extends pulumi.ComponentResource implements ModelService {
  readonly serviceId: pulumi.Output<string>;

  constructor(name: string, args: ModelServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("twocloud:index:AwsModelService", name, {}, opts);
    const models = args.models.map(({ model }) => model);
    refuse("AwsModelService", name, [
      ...locationProblems("aws", args.location),
      ...modelProblems(models),
      ...retentionProblems(args.logRetentionDays),
    ]);
    const place = { location: args.location, networkId: args.networkId, tags: args.tags };

    const group = buildEndpointGroup(`${name}-endpoint`, place, { parent: this });
    const endpoint = buildInterfaceEndpoint(
      `${name}-endpoint`,
      {
        ...place,
        service: "bedrock-runtime",
        subnetIds: args.endpointSubnetIds,
        securityGroupId: group.id,
        policy: endpointPolicy(args.location, models),
      },
      { parent: this },
    );

    buildInvocationLogging(`${name}-calls`, args, { parent: this });

    const { account, cloud, name: location, region } = args.location;
    this.serviceId = endpoint.id;
    this.registerOutputs({
      cloud,
      location,
      account,
      region,
      models: models.map(({ modelId }) => modelId),
      serviceId: this.serviceId,
    });
  }
}

/** Callers of this account only: credentials of another one can't carry prompts out through this endpoint. */
function endpointPolicy(location: Location, models: readonly ManagedModel[]): pulumi.Output<string> {
  return policyDocument({
    Effect: "Allow",
    Principal: "*",
    Action: invocationActions,
    Resource: invocableArns(location, models),
    Condition: { StringEquals: { "aws:PrincipalAccount": location.account } },
  });
}
