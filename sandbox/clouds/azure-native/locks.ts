/** Locks, and what they hold: https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources */
import type { InUse } from "../../cloud.ts";

export const LOCK = "azure-native:authorization:ManagementLockByScope";

/** A lock holds all that is inside its scope, and what its scope is inside of. */
export const heldByLocks: InUse = {
  by: LOCK,
  counts: ({ id }, { inputs }) => isInside(id, String(inputs.scope)) || isInside(String(inputs.scope), id),
  refusal: (id, lock) =>
    `ScopeLocked: The scope '${id}' cannot perform delete operation because following scope(s) are locked: '${lock.split("/providers/Microsoft.Authorization/locks/")[0]}'. Please remove the lock and try again.`,
};

/** True for an id itself and for what is below it. */
export function isInside(id: string, outer: string): boolean {
  const [inner, around] = [id.toLowerCase(), outer.toLowerCase()];
  return inner === around || inner.startsWith(`${around}/`);
}
