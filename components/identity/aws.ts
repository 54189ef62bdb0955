import * as iam from "@pulumi/aws/iam/index.js";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement } from "../aws.ts";
import { locationProblems, refuse } from "../check.ts";
import { invocationStatements, modelProblems } from "../model/aws-resources.ts";
import { audiences, type ModelAccess, type ModelAccessArgs } from "./types.ts";

/** How long what the role hands out is good for, seconds; the gateway asks again before. */
const sessionSeconds = 3600;

/**
 * A role that the gateway's service account takes on with its own cluster's token, and that may call the named models.
 * Bedrock's public endpoint asks nobody where he calls from, so the role does: the location's own gateway must come
 * through the location's Bedrock endpoint, any other from its egress addresses.
 *
 * @throws Error when no model is named, a model's id is a pattern, or a foreign gateway is given no address
 */
export class AwsModelAccess extends pulumi.ComponentResource implements ModelAccess {
  readonly principal: pulumi.Output<string>;
  readonly audience = audiences.aws;
  /** ARN of the account's trust in the issuer; see `ModelAccessArgs.trustId`. */
  readonly trustId: pulumi.Output<string>;

  constructor(name: string, args: ModelAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("twocloud:index:AwsModelAccess", name, {}, opts);
    refuse("AwsModelAccess", name, problemsOf(args));
    const build: Build = { name, args, opts: { parent: this } };

    this.trustId = args.trustId === undefined ? buildTrust(build).arn : pulumi.output(args.trustId);
    const role = buildRole(build, this.trustId);
    const permission = buildPermission(build, role);

    const { account, cloud, name: location, region } = args.target;
    // Whoever is told the role may use it at once.
    this.principal = pulumi.all([role.arn, permission.id]).apply(([arn]) => arn);
    this.registerOutputs({
      cloud,
      location,
      account,
      region,
      gateway: args.gateway.name,
      subject: subjectOf(args),
      audience: this.audience,
      models: args.models.map(({ modelId }) => modelId),
      principal: this.principal,
      trustId: this.trustId,
    });
  }
}

interface Build {
  readonly name: string;
  readonly args: ModelAccessArgs;
  readonly opts: { readonly parent: AwsModelAccess };
}

function problemsOf(args: ModelAccessArgs): string[] {
  const problems = [...locationProblems("aws", args.target), ...modelProblems(args.models)];
  const { sourceAddresses } = args;
  if (isForeign(args) && Array.isArray(sourceAddresses) && sourceAddresses.length === 0) {
    problems.push(
      `sourceAddresses is empty; gateway ${args.gateway.name} calls ${args.target.name} from outside: give its network's egressAddresses`,
    );
  }
  return problems;
}

function isForeign({ gateway, target }: ModelAccessArgs): boolean {
  return gateway.name !== target.name;
}

function subjectOf({ namespace, serviceAccount }: ModelAccessArgs): string {
  return `system:serviceaccount:${namespace}:${serviceAccount}`;
}

/** AWS checks the issuer's certificate against public authorities, as all three clouds' issuers have: no thumbprint. */
function buildTrust({ name, args, opts }: Build): iam.OpenIdConnectProvider {
  return new iam.OpenIdConnectProvider(
    `${name}-issuer`,
    { url: args.issuerUrl, clientIdLists: [audiences.aws], tags: args.tags },
    opts,
  );
}

function buildRole({ name, args, opts }: Build, trustId: pulumi.Output<string>): iam.Role {
  // The keys are named after the issuer as its tokens write it: only the scheme goes, a slash at the end stays.
  const condition = pulumi.output(args.issuerUrl).apply((url) => {
    const issuer = url.replace(/^https:\/\//, "");
    return { StringEquals: { [`${issuer}:aud`]: audiences.aws, [`${issuer}:sub`]: subjectOf(args) } };
  });
  const trust: Statement = {
    Effect: "Allow",
    Principal: { Federated: trustId },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: condition,
  };
  return new iam.Role(
    `${name}-caller`,
    {
      description: `Models of ${args.target.name} for the gateway of ${args.gateway.name}`,
      assumeRolePolicy: policyDocument(trust),
      maxSessionDuration: sessionSeconds,
      tags: args.tags,
    },
    opts,
  );
}

function buildPermission({ name, args, opts }: Build, role: iam.Role): iam.RolePolicy {
  const statements = invocationStatements(args.target, args.models, sourceCondition(args));
  return new iam.RolePolicy(`${name}-models`, { role: role.name, policy: policyDocument(...statements) }, opts);
}

/** Where a call must come from. */
function sourceCondition(args: ModelAccessArgs): NonNullable<Statement["Condition"]> {
  if (!isForeign(args)) return { StringEquals: { "aws:SourceVpce": args.serviceId } };
  const ranges = pulumi.output(args.sourceAddresses).apply((addresses) => addresses.map((address) => `${address}/32`));
  return { IpAddress: { "aws:SourceIp": ranges } };
}
