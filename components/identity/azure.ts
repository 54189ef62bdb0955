import * as managedidentity from "@pulumi/azure-native/managedidentity/index.js";
import * as pulumi from "@pulumi/pulumi";
import { grant } from "../azure.ts";
import { locationProblems, refuse } from "../check.ts";
import { audiences, type ModelAccess, type ModelAccessArgs } from "./types.ts";

/**
 * An identity that takes the gateway's service-account token in place of a secret, with the right to call the models
 * of one service and no right to see its keys or change its deployments.
 *
 * Azure grants by service, not by model: what is not to be called must not be deployed there, so `models` makes
 * nothing here. Nor does `sourceAddresses`: the service's own network rules hold for every caller. New trust takes
 * Azure up to some minutes to spread; until then calls are refused.
 *
 * @throws Error when the target is not Azure's or no model is named
 */
export class AzureModelAccess extends pulumi.ComponentResource implements ModelAccess {
  readonly principal: pulumi.Output<string>;
  readonly audience: string;

  constructor(name: string, args: ModelAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("twocloud:index:AzureModelAccess", name, {}, opts);
    refuse("AzureModelAccess", name, problemsOf(args));

    const identity = buildIdentity(name, args, { parent: this });
    const trust = buildTrust(name, args, identity, { parent: this });
    const right = buildRight(name, args, identity, { parent: this });

    const { account, cloud, name: location, region } = args.target;
    this.principal = pulumi.all([identity.clientId, trust.id, right.id]).apply(([clientId]) => clientId);
    this.audience = audiences.azure;
    this.registerOutputs({
      cloud,
      location,
      account,
      region,
      gateway: args.gateway.name,
      models: args.models.map(({ modelId }) => modelId),
      principal: this.principal,
      audience: this.audience,
    });
  }
}

function problemsOf({ target, gateway, models }: ModelAccessArgs): string[] {
  const problems = locationProblems("azure", target);
  if (models.length === 0) {
    problems.push(
      `no models: name those of ${target.name} that the gateway in ${gateway.name} may call, or leave it out`,
    );
  }
  return problems;
}

function buildIdentity(name: string, { target, scope, tags }: ModelAccessArgs, opts: pulumi.CustomResourceOptions) {
  return new managedidentity.UserAssignedIdentity(
    `${name}-identity`,
    { resourceGroupName: scope, location: target.region, tags },
    opts,
  );
}

function buildTrust(
  name: string,
  { issuerUrl, namespace, serviceAccount, scope }: ModelAccessArgs,
  identity: managedidentity.UserAssignedIdentity,
  opts: pulumi.CustomResourceOptions,
): managedidentity.FederatedIdentityCredential {
  return new managedidentity.FederatedIdentityCredential(
    `${name}-trust`,
    {
      resourceGroupName: scope,
      resourceName: identity.name,
      // Compared with the token's `iss` letter by letter.
      issuer: issuerUrl,
      subject: `system:serviceaccount:${namespace}:${serviceAccount}`,
      audiences: [audiences.azure],
    },
    opts,
  );
}

function buildRight(
  name: string,
  { target, serviceId }: ModelAccessArgs,
  identity: managedidentity.UserAssignedIdentity,
  opts: pulumi.CustomResourceOptions,
) {
  return grant(
    `${name}-calls`,
    {
      role: "Cognitive Services OpenAI User",
      principalId: identity.principalId,
      scope: serviceId,
      location: target,
    },
    opts,
  );
}
