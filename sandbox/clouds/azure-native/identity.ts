/** Managed identities, what they may do, and locks. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, isUnknown, knownString, type Properties } from "../../values.ts";
import { azureType, fixedUuid, IDENTITY, NAME_RULES, parentId, tenantOf, uuidOf } from "./common.ts";
import { builtInRoles, roleName } from "./roles.ts";

const ASSIGNMENT = "azure-native:authorization:RoleAssignment";
const CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const identity = azureType({
  token: IDENTITY,
  arm: "Microsoft.ManagedIdentity/userAssignedIdentities",
  names: ["resourceName"],
  rule: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
    allowed: "letters, digits, underscores and hyphens, beginning with a letter or digit",
    minLength: 3,
    maxLength: 128,
    source: `${NAME_RULES}#microsoftmanagedidentity`,
  },
  replaceOn: [],
  outputs: (_, context) => ({
    type: "Microsoft.ManagedIdentity/userAssignedIdentities",
    clientId: uuidOf(context, "client"),
    principalId: uuidOf(context, "principal"),
    tenantId: tenantOf(context),
  }),
  handles: ({ principalId }) => [{ by: "principal", value: String(principalId) }],
});

const credentialFacts = {
  token: CREDENTIAL,
  arm: "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
  names: ["resourceName", "federatedIdentityCredentialResourceName"],
  parent: IDENTITY,
} as const;

/** Limits: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations */
const MOST_CREDENTIALS = 20;

const credential = azureType({
  ...credentialFacts,
  rule: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
    allowed: "letters, digits, underscores and hyphens, beginning with a letter or digit",
    minLength: 3,
    maxLength: 120,
    source: "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations",
  },
  replaceOn: [],
  check: credentialProblems,
  refuse: credentialRefusals,
  outputs: () => ({ type: "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials" }),
});

function credentialProblems({ issuer, subject, audiences }: Properties): Problem[] {
  const problems: Problem[] = [];
  if (!isUnknown(issuer) && !/^https:\/\/[^/?#\s]+/.test(String(issuer))) {
    problems.push({
      property: "issuer",
      reason: `"${issuer}" is no issuer: a URL that begins with https:// is expected`,
    });
  }
  if (!isUnknown(subject) && String(subject).includes("*")) {
    problems.push({ property: "subject", reason: `"${subject}": wildcards are not supported in a subject` });
  }
  if (Array.isArray(audiences) && audiences.length !== 1) {
    problems.push({
      property: "audiences",
      reason: `has ${audiences.length} entries; exactly one audience is supported`,
    });
  }
  return problems;
}

function credentialRefusals(inputs: Properties, context: Context): Problem[] {
  const inside = `${parentId(credentialFacts, inputs, context)}/`.toLowerCase();
  const own = credential.id(inputs, context).toLowerCase();
  const others = context
    .all(CREDENTIAL)
    .filter(({ id }) => id.toLowerCase().startsWith(inside) && id.toLowerCase() !== own);
  const same = others.find((other) => other.inputs.issuer === inputs.issuer && other.inputs.subject === inputs.subject);
  if (same !== undefined) {
    const reason = `Conflict: Issuer and subject combination already exists for this Managed Identity: ${same.id}`;
    return [{ property: "subject", reason }];
  }
  if (others.length < MOST_CREDENTIALS) return [];
  return [
    {
      property: "resourceName",
      reason: `too many federated identity credentials: an identity has at most ${MOST_CREDENTIALS}`,
    },
  ];
}

/** Who runs the program, as far as the sandbox is concerned. */
export function runnerOf({ connection }: Pick<Context, "connection">): { clientId: string; objectId: string } {
  return {
    clientId: fixedUuid(`runner client ${connection.scope}`),
    objectId: fixedUuid(`runner object ${connection.scope}`),
  };
}

const assignment: ResourceType = {
  token: ASSIGNMENT,
  regional: false,
  id: (inputs, context) =>
    `${inputs.scope}/providers/Microsoft.Authorization/roleAssignments/${assignmentName(inputs, context)}`,
  name: {
    property: "roleAssignmentName",
    pattern: UUID,
    allowed: "a UUID",
    source: `${NAME_RULES}#microsoftauthorization`,
  },
  replaceOn: [
    "roleAssignmentName",
    "scope",
    "roleDefinitionId",
    "principalId",
    "principalType",
    "delegatedManagedIdentityResourceId",
  ],
  unique: [
    {
      paths: ["scope", "roleDefinitionId", "principalId"],
      within: "world",
      refusal: () => "RoleAssignmentExists: The role assignment already exists.",
    },
  ],
  refuse: assignmentRefusals,
  outputs: (inputs, context) => ({
    name: assignmentName(inputs, context),
    type: "Microsoft.Authorization/roleAssignments",
    principalType: inputs.principalType ?? "User",
    createdOn: context.createdAt,
    updatedOn: context.createdAt,
    createdBy: runnerOf(context).objectId,
    updatedBy: runnerOf(context).objectId,
  }),
};

/** The real provider draws it in advance; the name is a UUID either way. */
function assignmentName(inputs: Properties, context: Context): unknown {
  return inputs.roleAssignmentName ?? uuidOf(context, "assignment");
}

/** https://learn.microsoft.com/azure/role-based-access-control/troubleshooting */
function assignmentRefusals(inputs: Properties, context: Context): Problem[] {
  const problems: Problem[] = [];
  const { principalId, roleDefinitionId, scope } = inputs;
  if (roleName(String(roleDefinitionId)) === undefined) {
    const reason =
      `RoleDefinitionDoesNotExist: The specified role definition with ID '${roleDefinitionId}' does not exist ` +
      `(the sandbox knows ${Object.values(builtInRoles).join(", ")})`;
    problems.push({ property: "roleDefinitionId", reason });
  }
  const machine = context.find(PRINCIPALS, principalId, "principal");
  const runner = principalId === runnerOf(context).objectId;
  if (machine === undefined && !runner) {
    const reason = `PrincipalNotFound: Principal ${principalId} does not exist in the directory ${tenantOf(context)}.`;
    problems.push({ property: "principalId", reason });
  } else if (machine !== undefined && inputs.principalType !== "ServicePrincipal") {
    const reason = `UnmatchedPrincipalType: The PrincipalId '${principalId}' has type 'ServicePrincipal', which is different from specified PrinciaplType '${inputs.principalType ?? "User"}'.`;
    problems.push({ property: "principalType", reason });
  }
  return [...problems, ...scopeRefusals(scope, context)];
}

/** What has an identity that roles can be granted to. */
const PRINCIPALS = [
  IDENTITY,
  "azure-native:cognitiveservices:Account",
  "azure-native:containerservice:ManagedCluster",
  "azure-native:containerregistry:Registry",
  "azure-native:storage:StorageAccount",
];

/** Ids of resources are looked up with all others; what is left is the subscription, or no id at all. */
function scopeRefusals(scope: unknown, { connection }: Context): Problem[] {
  const text = knownString(scope) ?? "";
  const own = `/subscriptions/${connection.scope}`.toLowerCase();
  if (text.toLowerCase() === own || text.toLowerCase().startsWith(`${own}/resourcegroups/`)) return [];
  return [{ property: "scope", reason: `InvalidScope: "${text}" is no scope of the subscription ${connection.scope}` }];
}

/** True if an identity holds one of the roles on a resource, directly or on what contains it. */
export function holdsRole(
  principalId: unknown,
  roles: readonly string[],
  resourceId: string,
  context: Context,
): boolean {
  const at = resourceId.toLowerCase();
  return context.all(ASSIGNMENT).some(({ inputs }) => {
    const scope = String(inputs.scope).toLowerCase();
    const covers = at === scope || at.startsWith(`${scope}/`);
    return (
      covers && inputs.principalId === principalId && roles.includes(roleName(String(inputs.roleDefinitionId)) ?? "")
    );
  });
}

const lock: ResourceType = {
  token: "azure-native:authorization:ManagementLockByScope",
  regional: false,
  id: (inputs) => `${inputs.scope}/providers/Microsoft.Authorization/locks/${inputs.lockName}`,
  name: {
    property: "lockName",
    pattern: /^[A-Za-z0-9_.()-]*[A-Za-z0-9_()-]$/,
    allowed: "letters, digits, dots, underscores, hyphens and parentheses, not ending with a dot",
    maxLength: 90,
    source: `${NAME_RULES}#microsoftauthorization`,
    auto: { separator: "", digits: 8 },
  },
  replaceOn: ["scope", "lockName"],
  check: ({ level }) =>
    isUnknown(level) || asList(["CanNotDelete", "ReadOnly"]).includes(level)
      ? []
      : [{ property: "level", reason: `is "${level}"; it takes CanNotDelete or ReadOnly` }],
  refuse: ({ scope }, context) => scopeRefusals(scope, context),
  outputs: (inputs) => ({ name: inputs.lockName, type: "Microsoft.Authorization/locks" }),
};

export const identityTypes: readonly ResourceType[] = [identity, credential, assignment, lock];
