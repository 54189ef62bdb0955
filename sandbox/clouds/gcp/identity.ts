/** Service accounts, roles, federation, perimeters and organisation policies. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, isUnknown, knownString, type Properties, valuesAt } from "../../values.ts";
import { parseBlock } from "../ipv4.ts";
import { alone, etagOf, gcpType, named, projectNumber, ref } from "./common.ts";
import { iamType } from "./iam.ts";

const ACCOUNT = "gcp:serviceaccount/account:Account";
const POOL = "gcp:iam/workloadIdentityPool:WorkloadIdentityPool";
const LEVEL = "gcp:accesscontextmanager/accessLevel:AccessLevel";
const PERIMETER = "gcp:accesscontextmanager/servicePerimeter:ServicePerimeter";

const projectOf = (inputs: Properties, { placement }: Context) => String(inputs.project ?? placement.scope);

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

const accountRef = ref("serviceAccountId", ACCOUNT);

const key = gcpType({
  token: "gcp:serviceaccount/key:Key",
  project: false,
  id: (inputs, context) => `${inputs.serviceAccountId}/keys/${context.hex(40, "key")}`,
  replaceOn: ["serviceAccountId", "keyAlgorithm", "keepers", "privateKeyType", "publicKeyType", "publicKeyData"],
  references: [accountRef],
  secretOutputs: ["privateKey"],
  outputs: (inputs, context) => ({
    name: `${inputs.serviceAccountId}/keys/${context.hex(40, "key")}`,
    privateKey: Buffer.from(`sandbox ${context.hex(64, "private")}`).toString("base64"),
    publicKey: Buffer.from(`sandbox ${context.hex(64, "public")}`).toString("base64"),
    validAfter: context.createdAt,
    validBefore: "9999-12-31T23:59:59Z",
  }),
});

const accountIam = (token: string, many?: true) =>
  iamType({
    token,
    project: false,
    target: (inputs) => String(inputs.serviceAccountId),
    targetInputs: ["serviceAccountId"],
    references: [accountRef],
    ...(many === undefined ? {} : { many }),
  });

const projectMember = iamType({
  token: "gcp:projects/iAMMember:IAMMember",
  target: (inputs) => String(inputs.project),
  targetInputs: ["project"],
});

const customRole = gcpType({
  token: "gcp:projects/iAMCustomRole:IAMCustomRole",
  id: (inputs, context) => `projects/${projectOf(inputs, context)}/roles/${inputs.roleId}`,
  name: {
    property: "roleId",
    pattern: /^[a-zA-Z0-9_.]+$/,
    allowed: "letters, digits, _ and .",
    minLength: 3,
    maxLength: 64,
    source: "https://cloud.google.com/iam/docs/creating-custom-roles",
    auto: { separator: "", transform: (name) => name.replaceAll("-", "") },
  },
  unique: [alone(["roleId"], "scope")],
  defaults: { stage: "GA" },
  replaceOn: ["roleId"],
  check: permissionProblems,
  outputs: (inputs, context) => ({
    name: `projects/${projectOf(inputs, context)}/roles/${inputs.roleId}`,
    deleted: false,
  }),
});

function permissionProblems(inputs: Properties): Problem[] {
  return valuesAt(inputs, "permissions[]").flatMap(({ path, value }) => {
    const permission = knownString(value);
    if (permission === undefined || /^[a-z][\w-]*\.[\w-]+\.[\w-]+$/i.test(permission)) return [];
    const reason = `Error 400: Permission ${permission} is not valid: <service>.<resource>.<verb>, without wildcards`;
    return [{ property: path, reason }];
  });
}

const auditConfig = gcpType({
  token: "gcp:projects/iAMAuditConfig:IAMAuditConfig",
  id: (inputs) => `${inputs.project}/audit_config/${inputs.service}`,
  overwrites: true,
  replaceOn: ["project", "service"],
  outputs: (_, context) => ({ etag: etagOf(context) }),
});

const service = gcpType({
  token: "gcp:projects/service:Service",
  id: (inputs, context) => `${projectOf(inputs, context)}/${inputs.service}`,
  overwrites: true,
  defaults: { disableOnDestroy: false },
  replaceOn: ["service"],
  check: ({ service: host }) => {
    if (knownString(host) === undefined || /^[a-z][a-z0-9-]*\.googleapis\.com$/.test(String(host))) return [];
    const reason = `Error 404: Not found or permission denied for service ${host}: <name>.googleapis.com is needed`;
    return [{ property: "service", reason }];
  },
});

const poolId = {
  pattern: /^(?!gcp-)[a-z0-9-]+$/,
  allowed: "lowercase letters, digits and hyphens, not beginning with gcp-",
  minLength: 4,
  maxLength: 32,
  source: "https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools/create",
};

const numbered = (inputs: Properties, context: Context) =>
  `projects/${projectNumber(projectOf(inputs, context))}/locations/global/workloadIdentityPools/${inputs.workloadIdentityPoolId}`;

const pool = gcpType({
  token: POOL,
  id: (inputs, context) =>
    `projects/${projectOf(inputs, context)}/locations/global/workloadIdentityPools/${inputs.workloadIdentityPoolId}`,
  name: { property: "workloadIdentityPoolId", ...poolId },
  unique: [alone(["workloadIdentityPoolId"], "scope")],
  replaceOn: ["workloadIdentityPoolId", "mode"],
  outputs: (inputs, context) => ({ name: numbered(inputs, context), state: "ACTIVE" }),
  handles: ({ workloadIdentityPoolId }) => [{ by: "pool", value: String(workloadIdentityPoolId) }],
});

const poolProvider = gcpType({
  token: "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider",
  id: (inputs, context) =>
    `projects/${projectOf(inputs, context)}/locations/global/workloadIdentityPools/${inputs.workloadIdentityPoolId}/providers/${inputs.workloadIdentityPoolProviderId}`,
  name: { property: "workloadIdentityPoolProviderId", ...poolId },
  unique: [alone(["workloadIdentityPoolId", "workloadIdentityPoolProviderId"], "scope")],
  replaceOn: ["workloadIdentityPoolId", "workloadIdentityPoolProviderId"],
  references: [ref("workloadIdentityPoolId", POOL, { by: "pool" })],
  check: providerProblems,
  outputs: (inputs, context) => ({
    name: `${numbered(inputs, context)}/providers/${inputs.workloadIdentityPoolProviderId}`,
    state: "ACTIVE",
  }),
});

/** https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools.providers */
function providerProblems(inputs: Properties): Problem[] {
  const problems: Problem[] = [];
  const given = ["aws", "oidc", "saml", "x509"].filter((kind) => inputs[kind] !== undefined);
  if (given.length !== 1) {
    problems.push({
      property: "oidc",
      reason: `exactly one of aws, oidc, saml and x509 must be given; ${given.join(", ") || "none"} is`,
    });
  }
  if (inputs.oidc === undefined) return problems;
  const mapping = asObject(inputs.attributeMapping);
  if (!isUnknown(inputs.attributeMapping) && mapping["google.subject"] === undefined) {
    const reason =
      'Error 400: The attribute mapping must define "google.subject", as { "google.subject": "assertion.sub" }';
    problems.push({ property: "attributeMapping", reason });
  }
  const issuer = knownString(asObject(inputs.oidc).issuerUri);
  if (issuer !== undefined && !issuer.startsWith("https://")) {
    problems.push({ property: "oidc.issuerUri", reason: `Error 400: issuer_uri ${issuer} must be an https:// URL` });
  }
  return problems;
}

/** Names inside an access policy: `accessPolicies/1234/accessLevels/gateways`. */
const policyName = (kind: string) => ({
  property: "name",
  pattern: new RegExp(`^accessPolicies/\\d+/${kind}/[A-Za-z][A-Za-z0-9_]*$`),
  allowed: `accessPolicies/<number>/${kind}/<letters, digits and _, beginning with a letter>`,
  source: `https://cloud.google.com/access-context-manager/docs/reference/rest/v1/accessPolicies.${kind}`,
});

const accessLevel = gcpType({
  token: LEVEL,
  project: false,
  id: (inputs) => String(inputs.name),
  name: policyName("accessLevels"),
  unique: [alone(["name"], "world")],
  replaceOn: ["name", "parent"],
  check: (inputs) =>
    valuesAt(inputs, "basic.conditions[].ipSubnetworks[]").flatMap(({ path, value }) => {
      const text = knownString(value);
      if (text === undefined || text.includes(":") || parseBlock(text.includes("/") ? text : `${text}/32`)) return [];
      return [{ property: path, reason: `Error 400: ${text} is not a valid CIDR block, or has host bits set` }];
    }),
});

const levelRef = (path: string) => ref(path, LEVEL, { except: /^\*$/ });

const perimeter = gcpType({
  token: PERIMETER,
  project: false,
  id: (inputs) => String(inputs.name),
  name: policyName("servicePerimeters"),
  unique: [alone(["name"], "world")],
  defaults: { perimeterType: "PERIMETER_TYPE_REGULAR" },
  replaceOn: ["name", "parent", "perimeterType"],
  references: [
    levelRef("status.accessLevels[]"),
    levelRef("status.ingressPolicies[].ingressFrom.sources[].accessLevel"),
  ],
  check: (inputs) =>
    valuesAt(inputs, "status.resources[]").flatMap(({ path, value }) => {
      const text = knownString(value);
      if (text === undefined || /^(projects\/\d+|\/\/compute\.googleapis\.com\/projects\/.+)$/.test(text)) return [];
      return [{ property: path, reason: `Error 400: ${text} is not valid: projects/<project number> is needed` }];
    }),
  refuse: (inputs, context) => {
    const others = context.all(PERIMETER).filter(({ id }) => id !== context.id);
    return valuesAt(inputs, "status.resources[]").flatMap(({ path, value }) => {
      const holder = others.find((other) => asList(asObject(other.inputs.status).resources).includes(value));
      if (holder === undefined || inputs.perimeterType !== "PERIMETER_TYPE_REGULAR") return [];
      const reason = `googleapi: Error 400: The resource '${value}' is already in the regular service perimeter ${holder.id}., badRequest`;
      return [{ property: path, reason }];
    });
  },
  outputs: (_, context) => ({ createTime: context.createdAt, updateTime: context.createdAt }),
});

const perimeterIngress = gcpType({
  token: "gcp:accesscontextmanager/servicePerimeterIngressPolicy:ServicePerimeterIngressPolicy",
  project: false,
  id: (inputs, context) => `${inputs.perimeter}/${context.hex(16, "ingress")}`,
  replaceOn: ["perimeter", "title", "ingressFrom", "ingressTo"],
  references: [ref("perimeter", PERIMETER), levelRef("ingressFrom.sources[].accessLevel")],
  outputs: (inputs, context) => ({
    accessPolicyId: /\d+/.exec(knownString(inputs.perimeter) ?? "")?.[0] ?? "",
    etag: etagOf(context),
  }),
});

const orgPolicy = gcpType({
  token: "gcp:orgpolicy/policy:Policy",
  project: false,
  id: (inputs) => String(inputs.name),
  name: {
    property: "name",
    pattern: /^(projects|folders|organizations)\/[^/]+\/policies\/[\w.]+$/,
    allowed: "projects/<project>/policies/<constraint>, or the same of a folder or organisation",
    source: "https://cloud.google.com/resource-manager/docs/reference/orgpolicy/rest/v2/projects.policies",
  },
  unique: [alone(["name"], "world")],
  replaceOn: ["name", "parent"],
  outputs: (_, context) => ({ etag: etagOf(context) }),
});

export const identityTypes: readonly ResourceType[] = [
  account,
  key,
  accountIam("gcp:serviceaccount/iAMMember:IAMMember"),
  accountIam("gcp:serviceaccount/iAMBinding:IAMBinding", true),
  projectMember,
  customRole,
  auditConfig,
  service,
  pool,
  poolProvider,
  accessLevel,
  perimeter,
  perimeterIngress,
  orgPolicy,
];
