/** Logs and secrets. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, knownString, type Properties } from "../../values.ts";
import { arnOf, awsType, jsonProblems, named, upperOf } from "./common.ts";
import { KEY, keyStateProblems, kmsKey } from "./keys.ts";

const logGroup = awsType({
  token: "aws:cloudwatch/logGroup:LogGroup",
  id: (inputs) => String(inputs.name),
  arn: (inputs, context) => arnOf("logs", `log-group:${inputs.name}`, context),
  taggable: true,
  name: named({
    property: "name",
    pattern: /^[.\-_/#A-Za-z0-9]+$/,
    allowed: "letters, digits and ._-/#",
    maxLength: 512,
    source: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
  }),
  unique: [
    {
      paths: ["name"],
      within: "region",
      refusal: (name) => `ResourceAlreadyExistsException: The specified log group already exists: ${name}`,
    },
  ],
  defaults: { skipDestroy: false },
  replaceOn: ["name", "namePrefix", "logGroupClass"],
  references: [
    {
      ...kmsKey("kmsKeyId", "arn"),
      refusal: (arn) =>
        `InvalidParameterException: The specified KMS key does not exist or is not allowed to be used: ${arn}`,
    },
  ],
  check: logGroupProblems,
  outputs: (inputs) => ({
    logGroupClass: inputs.logGroupClass ?? "STANDARD",
    namePrefix: inputs.namePrefix ?? "",
    deletionProtectionEnabled: inputs.deletionProtectionEnabled ?? false,
  }),
  handles: ({ arn }) => [{ by: "arn", value: `${arn}:*` }],
});

const secret = awsType({
  token: "aws:secretsmanager/secret:Secret",
  id: (inputs, context) => secretArn(inputs, context),
  arn: (inputs, context) => secretArn(inputs, context),
  taggable: true,
  name: named({
    property: "name",
    pattern: /^[A-Za-z0-9/_+=.@-]+$/,
    allowed: "letters, digits and /_+=.@-",
    maxLength: 512,
    source: "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html",
  }),
  unique: [
    {
      paths: ["name"],
      within: "region",
      refusal: (name) => `ResourceExistsException: The operation failed because the secret ${name} already exists.`,
    },
  ],
  defaults: { forceOverwriteReplicaSecret: false, recoveryWindowInDays: 30 },
  replaceOn: ["name", "namePrefix", "type"],
  references: [
    {
      ...kmsKey("kmsKeyId", "id"),
      by: "key",
      types: [KEY],
      except: /alias\//,
      refusal: (value) => `ResourceNotFoundException: Secrets Manager can't find the key ${value}`,
    },
  ],
  check: (inputs) => [
    ...jsonProblems(inputs, "policy").map((problem) => ({
      ...problem,
      reason: `MalformedPolicyDocumentException: the policy ${problem.reason}`,
    })),
    ...secretProblems(inputs),
  ],
  refuse: (inputs, context) => keyStateProblems("kmsKeyId", inputs.kmsKeyId, "EncryptionFailure", context),
  outputs: (inputs) => ({ policy: knownString(inputs.policy) ?? "", namePrefix: inputs.namePrefix ?? "" }),
});

function secretArn(inputs: Properties, context: Context): string {
  return arnOf("secretsmanager", `secret:${inputs.name}-${upperOf(context, 6, "suffix")}`, context);
}

export const dataTypes: readonly ResourceType[] = [logGroup, secret];

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html; 0: for ever */
const retentionDays = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const logGroupClasses = ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"];

function logGroupProblems({ logGroupClass, retentionInDays }: Properties): Problem[] {
  const problems: Problem[] = [];
  if (typeof retentionInDays === "number" && !retentionDays.includes(retentionInDays)) {
    const reason = `InvalidParameterException: logs can't be kept for ${retentionInDays} days`;
    const source = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html";
    problems.push({ property: "retentionInDays", reason, fix: `Choose one of ${retentionDays.join(", ")}`, source });
  }
  const name = knownString(logGroupClass);
  if (name === undefined || logGroupClasses.includes(name)) return problems;
  const reason = `InvalidParameterException: there is no log group class ${name}`;
  return [...problems, { property: "logGroupClass", reason, fix: `Choose one of ${logGroupClasses.join(", ")}` }];
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html; 0: at once */
function secretProblems({ recoveryWindowInDays: days, replicas }: Properties): Problem[] {
  const problems: Problem[] = [];
  if (typeof days === "number" && days !== 0 && (days < 7 || days > 30)) {
    const reason = `InvalidParameterException: RecoveryWindowInDays value must be between 7 and 30 days (inclusive), not ${days}`;
    problems.push({ property: "recoveryWindowInDays", reason, fix: "Give 7 to 30 days, or 0 to delete at once" });
  }
  const regions = asList(replicas).map((replica) => asObject(replica).region);
  const twice = regions.findIndex((region, index) => regions.indexOf(region) < index);
  if (twice < 0) return problems;
  const reason = `InvalidParameterException: the secret is replicated to ${regions[twice]} twice`;
  return [...problems, { property: `replicas[${twice}].region`, reason, fix: "Name each region once" }];
}
