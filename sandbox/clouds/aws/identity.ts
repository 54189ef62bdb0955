/** IAM. Name rules: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
import type { Context, InUse, NameRule, Problem, Reference, ResourceType } from "../../cloud.ts";
import { asList, asObject, knownString, type Properties } from "../../values.ts";
import {
  awsType,
  globalArnOf,
  inUse,
  jsonProblems,
  named,
  principalProblems,
  rangeProblems,
  refs,
  upperOf,
} from "./common.ts";

const ROLE = "aws:iam/role:Role";
const INLINE = "aws:iam/rolePolicy:RolePolicy";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

const QUOTAS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html";
const iamName = (maxLength: number): NameRule =>
  named({
    property: "name",
    pattern: /^[\w+=,.@-]+$/,
    allowed: "letters, digits and _+=,.@-",
    maxLength,
    source: QUOTAS,
  });

const policyArn = (path: string): Reference => ({
  path,
  by: "arn",
  types: ["aws:iam/policy:Policy"],
  except: /^arn:[^:]+:iam::aws:policy\//,
  refusal: (arn) => `NoSuchEntity: Policy ${arn} does not exist or is not attachable.`,
});

const attached: InUse["refusal"] = (_, user) => `DeleteConflict: Cannot delete a policy attached to entities: ${user}`;

const taken = (what: string) => (name: string) => `EntityAlreadyExists: ${what} with name ${name} already exists.`;

/** The provider takes policies from a role first when it is told to. */
const unlessForced: Partial<InUse> = { counts: (held) => held.inputs.forceDetachPolicies !== true };

const role = awsType({
  token: ROLE,
  global: true,
  id: (inputs) => String(inputs.name),
  arn: (inputs, context) => globalArnOf("iam", `role${inputs.path ?? "/"}${inputs.name}`, context),
  taggable: true,
  name: iamName(64),
  unique: [{ paths: ["name"], within: "scope", refusal: taken("Role") }],
  defaults: { forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" },
  replaceOn: ["name", "namePrefix", "path"],
  references: [policyArn("managedPolicyArns[]"), policyArn("permissionsBoundary")],
  check: (inputs) => [
    ...documentProblems(inputs, "assumeRolePolicy", "trust"),
    ...rangeProblems("maxSessionDuration", inputs.maxSessionDuration, [3600, 43_200]),
    ...pathProblems(inputs.path),
  ],
  refuse: (inputs, context) => principalProblems("assumeRolePolicy", inputs, context, "MalformedPolicyDocument"),
  inUse: [
    inUse(
      ATTACHMENT,
      "role",
      (_, user) => `DeleteConflict: Cannot delete entity, must detach all policies first: ${user}`,
      unlessForced,
    ),
    inUse(
      INLINE,
      "role",
      (_, user) => `DeleteConflict: Cannot delete entity, must delete policies first: ${user}`,
      unlessForced,
    ),
  ],
  outputs: (inputs, context) => ({
    createDate: context.createdAt,
    uniqueId: `AROA${upperOf(context, 17, "unique id")}`,
    namePrefix: inputs.namePrefix ?? "",
    managedPolicyArns: inputs.managedPolicyArns ?? [],
    inlinePolicies: inputs.inlinePolicies ?? [],
  }),
});

const policy = awsType({
  token: "aws:iam/policy:Policy",
  global: true,
  id: (inputs, context) => globalArnOf("iam", `policy${inputs.path ?? "/"}${inputs.name}`, context),
  arn: (inputs, context) => globalArnOf("iam", `policy${inputs.path ?? "/"}${inputs.name}`, context),
  taggable: true,
  name: iamName(128),
  unique: [{ paths: ["name"], within: "scope", refusal: taken("A policy") }],
  defaults: { path: "/" },
  replaceOn: ["name", "namePrefix", "path", "description"],
  check: (inputs) => [
    ...documentProblems(inputs, "policy", "access"),
    ...lengthProblems(inputs.policy, 6144, "PolicySize"),
    ...pathProblems(inputs.path),
  ],
  inUse: [
    inUse(ATTACHMENT, "policyArn", attached),
    inUse(ROLE, "managedPolicyArns[]", attached),
    inUse(ROLE, "permissionsBoundary", attached),
  ],
  outputs: (inputs, context) => ({
    policyId: `ANPA${upperOf(context, 17, "policy id")}`,
    attachmentCount: 0,
    namePrefix: inputs.namePrefix ?? "",
  }),
});

const rolePolicy = awsType({
  token: INLINE,
  global: true,
  id: (inputs) => `${inputs.role}:${inputs.name}`,
  overwrites: true,
  name: iamName(128),
  replaceOn: ["name", "namePrefix", "role"],
  references: [refs.roleName("role")],
  check: (inputs) => documentProblems(inputs, "policy", "access"),
  refuse: inlineSizeRefusals,
  outputs: (inputs) => ({ namePrefix: inputs.namePrefix ?? "" }),
});

const rolePolicyAttachment = awsType({
  token: ATTACHMENT,
  global: true,
  id: (inputs) => `${inputs.role}/${inputs.policyArn}`,
  overwrites: true,
  replaceOn: ["role", "policyArn"],
  references: [refs.roleName("role"), policyArn("policyArn")],
});

const openIdConnectProvider = awsType({
  token: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
  global: true,
  id: (inputs, context) => globalArnOf("iam", `oidc-provider/${issuerPath(inputs.url)}`, context),
  arn: (inputs, context) => globalArnOf("iam", `oidc-provider/${issuerPath(inputs.url)}`, context),
  taggable: true,
  unique: [
    {
      paths: ["url"],
      within: "scope",
      refusal: (url) => `EntityAlreadyExists: Provider with url ${url} already exists.`,
      fix: "Use the account's trust in that issuer, which is there",
    },
  ],
  replaceOn: ["url"],
  check: issuerProblems,
  outputs: (inputs, context) => ({
    /** Without one, IAM retrieves the thumbprint of the issuer's certificate itself. */
    thumbprintLists: inputs.thumbprintLists ?? [context.hex(40, "thumbprint")],
  }),
});

const ACCESS_KEY = "aws:iam/accessKey:AccessKey";
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const keysPerUser = 2;

const accessKey = awsType({
  token: ACCESS_KEY,
  global: true,
  id: (_, context) => `AKIA${upperOf(context, 16, "access key")}`,
  defaults: { status: "Active" },
  replaceOn: ["user", "pgpKey"],
  check: accessKeyProblems,
  refuse: ({ user }, context) => {
    const others = context.all(ACCESS_KEY).filter(({ id }) => id !== context.id);
    if (others.filter(({ outputs }) => outputs.user === user).length < keysPerUser) return [];
    const reason = `LimitExceeded: Cannot exceed quota for AccessKeysPerUser: ${keysPerUser}`;
    return [{ property: "user", reason, fix: "Delete one of the user's keys first" }];
  },
  secretOutputs: ["secret", "sesSmtpPasswordV4"],
  outputs: (_, context) => ({
    createDate: context.createdAt,
    secret: context.hex(40, "secret"),
    sesSmtpPasswordV4: context.hex(44, "smtp password"),
  }),
});

export const identityTypes: readonly ResourceType[] = [
  role,
  policy,
  rolePolicy,
  rolePolicyAttachment,
  openIdConnectProvider,
  accessKey,
];

function issuerPath(url: unknown): string {
  return String(url)
    .replace(/^https:\/\//, "")
    .replace(/\/$/, "");
}

/**
 * A policy document's form: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 * @param use a role's trust names who may take it on, and nothing that it may be taken for
 */
function documentProblems(inputs: Properties, property: string, use: "trust" | "access"): Problem[] {
  const wrong = jsonProblems(inputs, property);
  const text = knownString(inputs[property]);
  if (wrong.length > 0) return wrong.map((problem) => malformed(property, problem.reason));
  if (text === undefined) return [];
  const statements = [asObject(JSON.parse(text)).Statement ?? []].flat().map(asObject);
  return statements.flatMap((statement, index) => {
    const at = `statement ${index + 1}`;
    const { Action, Effect, NotAction, Principal, NotPrincipal, Resource, NotResource } = statement;
    const faults = [
      ...(Effect === "Allow" || Effect === "Deny" ? [] : [`${at} has no Effect of Allow or Deny`]),
      ...(Action === undefined && NotAction === undefined ? [`${at} has no Action`] : []),
      ...(use === "trust" && Resource !== undefined ? [`Has prohibited field Resource (${at})`] : []),
      ...(use === "trust" && Principal === undefined && NotPrincipal === undefined ? [`${at} has no Principal`] : []),
      ...(use === "access" && Principal !== undefined
        ? [`Policy document should not specify a principal (${at})`]
        : []),
      ...(use === "access" && Resource === undefined && NotResource === undefined ? [`${at} has no Resource`] : []),
    ];
    return faults.map((fault) => malformed(property, fault));
  });
}

function malformed(property: string, why: string): Problem {
  return { property, reason: `MalformedPolicyDocument: ${why}`, fix: "Write the document as the grammar says" };
}

/** Characters that count against a policy's size: all but white space. */
function sizeOf(policy: unknown): number {
  return (knownString(policy) ?? "").replace(/\s/g, "").length;
}

function lengthProblems(policy: unknown, most: number, quota: string): Problem[] {
  if (sizeOf(policy) <= most) return [];
  const reason = `LimitExceeded: Cannot exceed quota for ${quota}: ${most}`;
  return [{ property: "policy", reason, fix: "Split it into several", source: QUOTAS }];
}

/** All inline policies of a role together: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
function inlineSizeRefusals(inputs: Properties, context: Context): Problem[] {
  const others = context
    .all(INLINE)
    .filter(({ outputs }) => outputs.role === inputs.role && outputs.name !== inputs.name)
    .reduce((sum, { outputs }) => sum + sizeOf(outputs.policy), 0);
  return lengthProblems(`${".".repeat(others)}${inputs.policy}`, 10_240, "InlinePolicySize");
}

function pathProblems(path: unknown): Problem[] {
  const text = knownString(path);
  if (text === undefined || /^\/([\x21-\x7e]+\/)?$/.test(text)) return [];
  const reason = `ValidationError: the path "${text}" is not valid`;
  return [{ property: "path", kind: "name", reason, fix: "Begin and end it with /, as /team/", source: QUOTAS }];
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html */
function issuerProblems({ clientIdLists, thumbprintLists, url }: Properties): Problem[] {
  const problems: Problem[] = [];
  const issuer = knownString(url);
  if (issuer !== undefined && !/^https:\/\/[^?#\s]+$/.test(issuer)) {
    const reason = `InvalidInput: invalid url "${issuer}"`;
    const fix = "Give the issuer as its tokens write it: https://, no query";
    problems.push({ property: "url", reason, fix });
  }
  asList(thumbprintLists).forEach((thumbprint, index) => {
    const text = knownString(thumbprint);
    if (text === undefined || /^[0-9a-fA-F]{40}$/.test(text)) return;
    const reason = `InvalidInput: thumbprint ${text} is not valid`;
    problems.push({ property: `thumbprintLists[${index}]`, reason, fix: "Give 40 hexadecimal digits, or none at all" });
  });
  const most = [
    ["clientIdLists", clientIdLists, 100],
    ["thumbprintLists", thumbprintLists, 5],
  ] as const;
  for (const [property, list, limit] of most) {
    const { length } = asList(list);
    if (length <= limit) continue;
    problems.push({
      property,
      reason: `LimitExceeded: ${length} ${property}; at most ${limit}`,
      fix: "Leave some out",
    });
  }
  return problems;
}

function accessKeyProblems({ status }: Properties): Problem[] {
  const text = knownString(status);
  if (text === undefined || ["Active", "Inactive"].includes(text)) return [];
  const reason = `ValidationError: status "${text}" is not known`;
  return [{ property: "status", reason, fix: "Choose Active or Inactive" }];
}
