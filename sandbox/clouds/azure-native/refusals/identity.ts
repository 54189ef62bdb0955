/** Rows: identities, rights, locks. */
import type { RefusalRow } from "../../../cloud.ts";
import { IDENTITY, NAME_RULES } from "../common.ts";
import { CREDENTIAL, FEDERATION } from "../identity.ts";
import { LOCK } from "../locks.ts";
import { arm, inGroup, inside, learn, replaced, standing } from "./shared.ts";

const RBAC = `${learn}/azure/role-based-access-control`;

export const identityRefusals: Readonly<Record<string, RefusalRow>> = {
  [IDENTITY]: {
    ...standing,
    immutable: replaced("managedidentity/userassignedidentity"),
    name: { code: "InvalidParameter", source: `${NAME_RULES}#microsoftmanagedidentity` },
  },
  [CREDENTIAL]: {
    ...inside,
    required: { code: "BadRequest", source: FEDERATION },
    immutable: replaced("managedidentity/federatedidentitycredential"),
    name: { code: "BadRequest", source: FEDERATION },
    placement: { code: "HTTP 405", source: FEDERATION },
    limit: { code: "BadRequest", source: FEDERATION },
  },
  "azure-native:authorization:RoleAssignment": {
    ...inGroup,
    immutable: { code: "RoleAssignmentUpdateNotPermitted", source: `${RBAC}/troubleshooting` },
    reference: { code: "PrincipalNotFound", source: `${RBAC}/troubleshooting` },
    name: { code: "InvalidRoleAssignmentId", source: `${NAME_RULES}#microsoftauthorization` },
    placement: { none: "rights are the same in every region" },
    limit: { code: "RoleAssignmentLimitExceeded", source: `${RBAC}/troubleshoot-limits` },
  },
  [LOCK]: {
    required: { code: "BadRequest", source: `${learn}/rest/api/resources/management-locks/create-or-update-by-scope` },
    immutable: replaced("authorization/managementlockbyscope"),
    reference: arm("ResourceNotFound"),
    name: { code: "InvalidParameter", source: `${NAME_RULES}#microsoftauthorization` },
    placement: { none: "a lock is where what it holds is" },
    limit: { code: "BadRequest", source: `${learn}/rest/api/resources/management-locks/create-or-update-by-scope` },
    inUse: { none: "a lock holds others; nothing holds a lock" },
  },
};
