/** AWS in the sandbox. */
import type { CloudPackage, Problem } from "../../cloud.ts";
import { configValue } from "../../cloud.ts";
import { asList, asObject, containsUnknown, isUnknown, knownString, type Properties } from "../../values.ts";
import { aiTypes } from "./ai.ts";
import { bucketTypes } from "./buckets.ts";
import { certificateTypes } from "./certificates.ts";
import { clusterAccessTypes } from "./cluster-access.ts";
import { clusterTypes } from "./clusters.ts";
import { dataTypes } from "./data.ts";
import { dnsTypes } from "./dns.ts";
import { endpointTypes } from "./endpoints.ts";
import { awsFunctions } from "./functions.ts";
import { identityTypes } from "./identity.ts";
import { keyTypes } from "./keys.ts";
import { launchTypes } from "./launch.ts";
import { networkTypes } from "./network.ts";
import { nodeGroupTypes } from "./node-groups.ts";
import { awsQuotas } from "./quotas.ts";
import { awsRefusals } from "./refusals/index.ts";
import { registryTypes } from "./registries.ts";
import { routeTypes } from "./routes.ts";
import { securityGroupTypes } from "./security-groups.ts";

const notFound = (what: string) => (value: string) => `${what}: '${value}' does not exist`;

export const aws: CloudPackage = {
  name: "aws",
  types: [
    ...networkTypes,
    ...routeTypes,
    ...endpointTypes,
    ...securityGroupTypes,
    ...launchTypes,
    ...clusterTypes,
    ...nodeGroupTypes,
    ...clusterAccessTypes,
    ...identityTypes,
    ...keyTypes,
    ...registryTypes,
    ...bucketTypes,
    ...dataTypes,
    ...dnsTypes,
    ...certificateTypes,
    ...aiTypes,
  ],
  functions: awsFunctions,
  refusals: (token) => awsRefusals[token],
  quotas: awsQuotas,
  idInOutputs: true,
  connect,
  providerReplaceOn: (before, after) => ["region"].filter((key) => before[key] !== after[key]),
  place: (inputs, { scope, region }, type) => ({
    scope,
    region: type.regional ? (knownString(inputs.region) ?? region) : "",
  }),
  commonOutputs: (inputs, { placement }, type) => (type.regional ? { region: inputs.region ?? placement.region } : {}),
  /** The AWS provider's notation for another region than the provider's: `vpc-…@eu-central-1`. */
  importId: (id, placement) => {
    const [, plain, region] = /^(.+)@([a-z]{2}(?:-[a-z]+)+-\d)$/.exec(id) ?? [];
    return plain === undefined || region === undefined
      ? { id, placement }
      : { id: plain, placement: { ...placement, region } };
  },
  minted: [
    { pattern: /^vpc-[0-9a-f]{17}$/, refusal: notFound("InvalidVpcID.NotFound") },
    { pattern: /^subnet-[0-9a-f]{17}$/, refusal: notFound("InvalidSubnetID.NotFound") },
    { pattern: /^sg-[0-9a-f]{17}$/, refusal: notFound("InvalidGroup.NotFound") },
    { pattern: /^rtb-[0-9a-f]{17}$/, refusal: notFound("InvalidRouteTableID.NotFound") },
    { pattern: /^(igw|nat|vpce)-[0-9a-f]{17}$/, refusal: notFound("InvalidGatewayID.NotFound") },
    { pattern: /^eipalloc-[0-9a-f]{17}$/, refusal: notFound("InvalidAllocationID.NotFound") },
    { pattern: /^lt-[0-9a-f]{17}$/, refusal: notFound("InvalidLaunchTemplateId.NotFound") },
    {
      pattern: /^arn:aws[\w-]*:iam::\d{12}:(role|policy|oidc-provider)\/.+$/,
      except: /:role\/aws-(service-role|reserved)\//,
      refusal: notFound("NoSuchEntity"),
    },
    { pattern: /^arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:key\/.+$/, refusal: notFound("NotFoundException") },
    { pattern: /^arn:aws[\w-]*:s3:::[^/*]+$/, refusal: notFound("NoSuchBucket") },
    {
      pattern: /^arn:aws[\w-]*:(eks|ecr|logs|acm|secretsmanager):[a-z0-9-]+:\d{12}:[^*]+(:\*)?$/,
      refusal: notFound("ResourceNotFoundException"),
    },
    {
      pattern: /^arn:aws[\w-]*:bedrock:[a-z0-9-]+:\d{12}:(guardrail|application-inference-profile)\/.+$/,
      refusal: notFound("ResourceNotFoundException"),
    },
  ],
};

/**
 * The account is what the configuration says: `allowedAccountIds`, or the role to assume. With the real provider it
 * would come from credentials; the sandbox never looks at any.
 */
function connect(config: Properties): { scope: string; region: string; problems: readonly Problem[] } {
  const allowed = configValue(config, "allowedAccountIds");
  const roles = asList(configValue(config, "assumeRoles")).map((role) => asObject(role).roleArn);
  const accounts = [...asList(allowed), ...roles.map((arn) => String(arn).split(":")[4])].map(String);
  const account = accounts.find((candidate) => /^\d{12}$/.test(candidate)) ?? "";
  const region = knownString(config.region) ?? "";
  const problems: Problem[] = [];
  if (region === "" && !isUnknown(config.region)) {
    problems.push({ property: "region", reason: "Missing region configuration: give the aws provider a region" });
  }
  if (account === "" && !containsUnknown([allowed, roles])) {
    const reason =
      `no account: the sandbox reads no credentials, so allowedAccountIds (or assumeRoles) of the aws provider must name ` +
      `an account of 12 digits; given: ${accounts.join(", ") || "none"}`;
    problems.push({ property: "allowedAccountIds", reason });
  }
  return { scope: account, region, problems };
}
