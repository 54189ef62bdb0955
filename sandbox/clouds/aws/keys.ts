/** Keys of KMS. */
import type { Context, Problem, Reference, ResourceType } from "../../cloud.ts";
import { knownString, type Properties } from "../../values.ts";
import {
  arnOf,
  awsType,
  jsonProblems,
  named,
  partitionOf,
  principalProblems,
  rangeProblems,
  uuidOf,
} from "./common.ts";

export const KEY = "aws:kms/key:Key";
export const kmsKey = (path: string, by: "id" | "arn"): Reference => ({
  path,
  by,
  types: [KEY, "aws:kms/alias:Alias"],
  except: /^(alias|arn:[^:]+:kms:[^:]*:\d+:alias)\/aws\//,
  where: "anywhere",
  refusal: (value) => `NotFoundException: Key '${value}' does not exist`,
});

/** https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html */
const aliasesPerKey = 50;

const key = awsType({
  token: KEY,
  id: (_, context) => uuidOf(context, "key"),
  arn: (_, context) => arnOf("kms", `key/${context.id}`, context),
  taggable: true,
  defaults: {
    bypassPolicyLockoutSafetyCheck: false,
    customerMasterKeySpec: "SYMMETRIC_DEFAULT",
    isEnabled: true,
    keyUsage: "ENCRYPT_DECRYPT",
  },
  replaceOn: ["customerMasterKeySpec", "keyUsage", "multiRegion", "customKeyStoreId", "xksKeyId"],
  check: (inputs) => [
    ...jsonProblems(inputs, "policy").map((problem) => ({
      ...problem,
      reason: `MalformedPolicyDocumentException: the policy ${problem.reason}`,
    })),
    ...keyProblems(inputs),
  ],
  refuse: (inputs, context) => principalProblems("policy", inputs, context, "MalformedPolicyDocumentException"),
  outputs: (inputs, context) => ({
    keyId: context.id,
    description: inputs.description ?? "",
    multiRegion: inputs.multiRegion ?? false,
    policy: inputs.policy ?? accountPolicy(context),
    ...(inputs.enableKeyRotation === true ? { rotationPeriodInDays: inputs.rotationPeriodInDays ?? 365 } : {}),
  }),
  handles: ({ keyId, arn }) => [
    { by: "key", value: String(keyId) },
    { by: "key", value: String(arn) },
  ],
});

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
function accountPolicy({ placement }: Context): string {
  const root = `arn:${partitionOf(placement.region)}:iam::${placement.scope}:root`;
  const Statement = [
    { Sid: "Enable IAM User Permissions", Effect: "Allow", Principal: { AWS: root }, Action: "kms:*", Resource: "*" },
  ];
  return JSON.stringify({ Id: "key-default-1", Version: "2012-10-17", Statement });
}

const alias = awsType({
  token: "aws:kms/alias:Alias",
  id: (inputs) => String(inputs.name),
  arn: (inputs, context) => arnOf("kms", String(inputs.name), context),
  name: named({
    property: "name",
    pattern: /^alias\/(?!aws\/)[a-zA-Z0-9/_-]+$/,
    allowed: "alias/ followed by letters, digits and /_-, but not alias/aws/",
    maxLength: 256,
    source: "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html",
    transform: (name) => `alias/${name}`,
  }),
  unique: [
    {
      paths: ["name"],
      within: "region",
      refusal: (name) => `AlreadyExistsException: An alias with the name ${name} already exists`,
    },
  ],
  replaceOn: ["name", "namePrefix"],
  references: [{ ...kmsKey("targetKeyId", "id"), by: "key", types: [KEY] }],
  refuse: (inputs, context) => {
    const others = context.all("aws:kms/alias:Alias").filter(({ id }) => id !== context.id);
    const count = others.filter(({ outputs }) => outputs.targetKeyId === inputs.targetKeyId).length;
    if (count < aliasesPerKey) return [];
    const reason = `LimitExceededException: the key ${inputs.targetKeyId} has ${count} aliases`;
    const source = "https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html";
    return [{ property: "targetKeyId", reason, fix: "Delete an alias of the key first", source }];
  },
  outputs: (inputs, context) => ({
    targetKeyArn: context.find(KEY, inputs.targetKeyId, "key")?.outputs.arn,
    namePrefix: inputs.namePrefix ?? "",
  }),
});

export const keyTypes: readonly ResourceType[] = [key, alias];

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html */
function keyProblems(inputs: Properties): Problem[] {
  const problems: Problem[] = [
    ...rangeProblems("deletionWindowInDays", inputs.deletionWindowInDays, [7, 30]),
    ...rangeProblems("rotationPeriodInDays", inputs.rotationPeriodInDays, [90, 2560]),
  ];
  const spec = knownString(inputs.customerMasterKeySpec);
  if (spec === undefined) return problems;
  if (inputs.enableKeyRotation === true && spec !== "SYMMETRIC_DEFAULT") {
    const reason = `UnsupportedOperationException: a key of the spec ${spec} can't be rotated automatically`;
    const source = "https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html";
    problems.push({ property: "enableKeyRotation", reason, fix: "Leave it out, or take SYMMETRIC_DEFAULT", source });
  }
  const forData = spec === "SYMMETRIC_DEFAULT" || spec.startsWith("RSA_") || spec === "SM2";
  if (inputs.keyUsage !== "ENCRYPT_DECRYPT" || forData) return problems;
  const reason = `ValidationError: KeyUsage ENCRYPT_DECRYPT is not compatible with KeySpec ${spec}`;
  const fix = `Give keyUsage ${spec.startsWith("HMAC_") ? "GENERATE_VERIFY_MAC" : "SIGN_VERIFY"}`;
  return [...problems, { property: "keyUsage", reason, fix }];
}

/** A key that is disabled serves nobody: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
export function keyStateProblems(property: string, value: unknown, code: string, context: Context): Problem[] {
  const found = context.find(KEY, value, "key");
  if (found?.outputs.isEnabled !== false) return [];
  const reason = `${code}: The key ${found.outputs.arn} is disabled`;
  const source = "https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html";
  return [{ property, reason, fix: "Enable the key first", source }];
}
