/** Service accounts and their keys. https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, knownString, type Properties } from "../../values.ts";
import { oneOf, wrong } from "./answers.ts";
import { alone, gcpType, named, projectOf, ref } from "./common.ts";
import { iamType } from "./iam.ts";

export const ACCOUNT = "gcp:serviceaccount/account:Account";
const KEY = "gcp:serviceaccount/key:Key";

const emailOf = (inputs: Properties, context: Context) =>
  `${inputs.accountId}@${projectOf(inputs, context)}.iam.gserviceaccount.com`;

const account = gcpType({
  token: ACCOUNT,
  id: (inputs, context) => `projects/${projectOf(inputs, context)}/serviceAccounts/${emailOf(inputs, context)}`,
  name: named({
    property: "accountId",
    pattern: /^[a-z]([-a-z0-9]*[a-z0-9])$/,
    allowed: "lowercase letters, digits and hyphens, beginning with a letter",
    minLength: 6,
    maxLength: 30,
    source: "https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts/create",
  }),
  unique: [alone(["accountId"], "scope")],
  replaceOn: ["accountId"],
  check: (inputs) => Object.entries(longest).flatMap(([key, most]) => lengthProblems(inputs, key, most)),
  outputs: (inputs, context) => ({
    email: emailOf(inputs, context),
    member: `serviceAccount:${emailOf(inputs, context)}`,
    name: `projects/${projectOf(inputs, context)}/serviceAccounts/${emailOf(inputs, context)}`,
    uniqueId: context.digits(21, "unique"),
    disabled: inputs.disabled ?? false,
  }),
  // The provider works them out before it asks the cloud.
  knownInPreview: ["email", "member"],
  handles: ({ email }) => [{ by: "email", value: String(email) }],
});

/** Bytes in UTF-8. */
const longest = { displayName: 100, description: 256 };

function lengthProblems(inputs: Properties, key: string, most: number): Problem[] {
  const bytes = Buffer.byteLength(knownString(inputs[key]) ?? "");
  if (bytes <= most) return [];
  return [wrong(key, "badRequest", `${key} has ${bytes} bytes; at most ${most} are allowed`, { fix: "Shorten it" })];
}

const accountRef = ref("serviceAccountId", ACCOUNT);

const key = gcpType({
  token: KEY,
  project: false,
  id: (inputs, context) => `${inputs.serviceAccountId}/keys/${context.hex(40, "key")}`,
  replaceOn: ["serviceAccountId", "keyAlgorithm", "keepers", "privateKeyType", "publicKeyType", "publicKeyData"],
  references: [accountRef],
  check: ({ keyAlgorithm }) => oneOf("keyAlgorithm", keyAlgorithm, algorithms, "badRequest"),
  refuse: (inputs, context) => [...forbiddenKeys(context), ...numberOfKeys(inputs, context)],
  secretOutputs: ["privateKey"],
  outputs: (inputs, context) => ({
    name: `${inputs.serviceAccountId}/keys/${context.hex(40, "key")}`,
    privateKey: Buffer.from(`sandbox ${context.hex(64, "private")}`).toString("base64"),
    publicKey: Buffer.from(`sandbox ${context.hex(64, "public")}`).toString("base64"),
    validAfter: context.createdAt,
    validBefore: "9999-12-31T23:59:59Z",
  }),
});

const algorithms = ["KEY_ALG_UNSPECIFIED", "KEY_ALG_RSA_1024", "KEY_ALG_RSA_2048"];

/** What the project's organisation policy says of keys. */
function forbiddenKeys(context: Context): Problem[] {
  const constraint = "iam.disableServiceAccountKeyCreation";
  const name = `projects/${context.placement.scope}/policies/${constraint}`;
  const spec = asObject(context.find("gcp:orgpolicy/policy:Policy", name)?.inputs.spec);
  const isForbidden = asList(spec.rules).some((rule) => String(asObject(rule).enforce).toUpperCase() === "TRUE");
  if (!isForbidden) return [];
  const text = `Key creation is not allowed on this service account (constraints/${constraint}).`;
  const source = "https://cloud.google.com/resource-manager/docs/organization-policy/restricting-service-accounts";
  return [
    wrong("serviceAccountId", "failedPrecondition", text, { fix: "Federate the workload instead of a key", source }),
  ];
}

/** https://cloud.google.com/iam/quotas */
function numberOfKeys({ serviceAccountId }: Properties, context: Context): Problem[] {
  const held = context
    .all(KEY)
    .filter(({ id, inputs }) => id !== context.id && inputs.serviceAccountId === serviceAccountId);
  if (held.length < 10) return [];
  const text = "Precondition check failed: a service account has at most 10 keys";
  return [wrong("serviceAccountId", "failedPrecondition", text, { fix: "Delete a key that nobody uses" })];
}

const accountIam = (token: string, many?: true) =>
  iamType({
    token,
    project: false,
    target: (inputs) => String(inputs.serviceAccountId),
    targetInputs: ["serviceAccountId"],
    references: [accountRef],
    ...(many === undefined ? {} : { many }),
  });

export const accountTypes: readonly ResourceType[] = [
  account,
  key,
  accountIam("gcp:serviceaccount/iAMMember:IAMMember"),
  accountIam("gcp:serviceaccount/iAMBinding:IAMBinding", true),
];
