/** IAM. Name rules: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
import type { NameRule, Reference, ResourceType } from "../../cloud.ts";
import { knownString } from "../../values.ts";
import { awsType, globalArnOf, jsonProblems, named, principalProblems, refs, upperOf } from "./common.ts";

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

const taken = (what: string) => (name: string) => `EntityAlreadyExists: ${what} with name ${name} already exists.`;

const role = awsType({
  token: "aws:iam/role:Role",
  global: true,
  id: (inputs) => String(inputs.name),
  arn: (inputs, context) => globalArnOf("iam", `role${inputs.path ?? "/"}${inputs.name}`, context),
  taggable: true,
  name: iamName(64),
  unique: [{ paths: ["name"], within: "scope", refusal: taken("Role") }],
  defaults: { forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" },
  replaceOn: ["name", "namePrefix", "path"],
  references: [policyArn("managedPolicyArns[]"), policyArn("permissionsBoundary")],
  check: (inputs) => jsonProblems(inputs, "assumeRolePolicy"),
  refuse: (inputs, context) => principalProblems("assumeRolePolicy", inputs, context, "MalformedPolicyDocument"),
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
  check: (inputs) => jsonProblems(inputs, "policy"),
  outputs: (inputs, context) => ({
    policyId: `ANPA${upperOf(context, 17, "policy id")}`,
    attachmentCount: 0,
    namePrefix: inputs.namePrefix ?? "",
  }),
});

const rolePolicy = awsType({
  token: "aws:iam/rolePolicy:RolePolicy",
  global: true,
  id: (inputs) => `${inputs.role}:${inputs.name}`,
  overwrites: true,
  name: iamName(128),
  replaceOn: ["name", "namePrefix", "role"],
  references: [refs.roleName("role")],
  check: (inputs) => jsonProblems(inputs, "policy"),
  outputs: (inputs) => ({ namePrefix: inputs.namePrefix ?? "" }),
});

const rolePolicyAttachment = awsType({
  token: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
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
    },
  ],
  replaceOn: ["url"],
  check: (inputs) => {
    const url = knownString(inputs.url);
    if (url === undefined || url.startsWith("https://")) return [];
    const reason = `InvalidInput: invalid url "${url}": it must begin with https:// (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html)`;
    return [{ property: "url", reason }];
  },
  outputs: (inputs, context) => ({
    /** Without one, IAM retrieves the thumbprint of the issuer's certificate itself. */
    thumbprintLists: inputs.thumbprintLists ?? [context.hex(40, "thumbprint")],
  }),
});

const accessKey = awsType({
  token: "aws:iam/accessKey:AccessKey",
  global: true,
  id: (_, context) => `AKIA${upperOf(context, 16, "access key")}`,
  defaults: { status: "Active" },
  replaceOn: ["user", "pgpKey"],
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
