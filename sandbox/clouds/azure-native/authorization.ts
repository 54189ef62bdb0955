/** What identities may do, and locks. https://learn.microsoft.com/azure/role-based-access-control/troubleshooting */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { isUnknown, knownString, type Properties } from "../../values.ts";
import { fixedUuid, IDENTITY, NAME_RULES, tenantOf, uuidOf } from "./common.ts";
import { fixedProblems } from "./fixed.ts";
import { heldByLocks, LOCK } from "./locks.ts";
import { builtInRoles, roleName } from "./roles.ts";

const ASSIGNMENT = "azure-native:authorization:RoleAssignment";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const BUILT_IN = "https://learn.microsoft.com/azure/role-based-access-control/built-in-roles";
const LIMITS = "https://learn.microsoft.com/azure/role-based-access-control/troubleshoot-limits";

const MOST_ASSIGNMENTS = 4000;
const NOT_PERMITTED = "RoleAssignmentUpdateNotPermitted";

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
  replaceOn: ["roleAssignmentName", "scope", "principalId"],
  inUse: [heldByLocks],
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
    principalType: inputs.principalType ?? (isMachine(inputs.principalId, context) ? "ServicePrincipal" : "User"),
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

/** What a role assignment keeps: its API changes nothing of one that exists. */
const fixed = {
  roleDefinitionId: NOT_PERMITTED,
  principalType: NOT_PERMITTED,
  delegatedManagedIdentityResourceId: NOT_PERMITTED,
};

function assignmentRefusals(inputs: Properties, context: Context): Problem[] {
  const { roleDefinitionId, scope } = inputs;
  const problems: Problem[] = [];
  if (roleName(String(roleDefinitionId)) === undefined) {
    const reason =
      `RoleDefinitionDoesNotExist: The specified role definition with ID '${roleDefinitionId}' does not exist ` +
      `(the sandbox knows ${Object.values(builtInRoles).join(", ")})`;
    const fix = "Take the id of a built-in role";
    problems.push({ property: "roleDefinitionId", kind: "reference", reason, fix, source: BUILT_IN });
  }
  if (context.before === undefined && context.all(ASSIGNMENT).length >= MOST_ASSIGNMENTS) {
    const reason = "RoleAssignmentLimitExceeded: No more role assignments can be created";
    problems.push({ property: "scope", reason, fix: "Grant roles to groups, or on larger scopes", source: LIMITS });
  }
  return [
    ...problems,
    ...fixedProblems(fixed, context.before, inputs),
    ...principalRefusals(inputs, context),
    ...scopeRefusals(scope, context),
  ];
}

/** The directory shows a new principal everywhere only after a while; whoever says what kind it is need not wait. */
const REPLICATION_SECONDS = 60;

function principalRefusals({ principalId, principalType }: Properties, context: Context): Problem[] {
  const machine = context.find(PRINCIPALS, principalId, "principal");
  const runner = principalId === runnerOf(context).objectId;
  const unseen = `PrincipalNotFound: Principal ${principalId} does not exist in the directory ${tenantOf(context)}.`;
  if (machine === undefined) {
    if (runner) return [];
    const fix = "Take the principal from the output of what has it";
    return [{ property: "principalId", kind: "reference", reason: unseen, fix }];
  }
  if (principalType === undefined) {
    const age = (context.now.getTime() - Date.parse(machine.createdAt)) / 1000;
    if (age >= REPLICATION_SECONDS) return [];
    const reason = `${unseen} If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay.`;
    return [{ property: "principalId", kind: "reference", reason, fix: "Set principalType to ServicePrincipal" }];
  }
  if (principalType === "ServicePrincipal") return [];
  const reason = `UnmatchedPrincipalType: The PrincipalId '${principalId}' has type 'ServicePrincipal', which is different from specified PrinciaplType '${principalType}'.`;
  return [{ property: "principalType", kind: "reference", reason, fix: "Set principalType to ServicePrincipal" }];
}

function isMachine(principalId: unknown, context: Context): boolean {
  return context.find(PRINCIPALS, principalId, "principal") !== undefined;
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
  const reason = `InvalidScope: "${text}" is no scope of the subscription ${connection.scope}`;
  return [
    { property: "scope", kind: "reference", reason, fix: "Take the id of a resource, a group or the subscription" },
  ];
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
  token: LOCK,
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
  check: lockProblems,
  refuse: ({ scope }, context) => scopeRefusals(scope, context),
  outputs: (inputs) => ({ name: inputs.lockName, type: "Microsoft.Authorization/locks" }),
};

const LEVELS: readonly unknown[] = ["CanNotDelete", "ReadOnly"];
const LONGEST_NOTE = 512;

function lockProblems({ level, notes }: Properties): Problem[] {
  const problems: Problem[] = [];
  if (!isUnknown(level) && !LEVELS.includes(level)) {
    const reason = `is "${level}"; it takes CanNotDelete or ReadOnly`;
    problems.push({ property: "level", kind: "required", reason, fix: "Choose one of these levels" });
  }
  const length = knownString(notes)?.length ?? 0;
  if (length > LONGEST_NOTE) {
    problems.push({ property: "notes", reason: `has ${length} characters; at most ${LONGEST_NOTE} are allowed` });
  }
  return problems;
}

export const authorizationTypes: readonly ResourceType[] = [assignment, lock];
