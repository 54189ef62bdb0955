/** What the sandbox's Azure refuses: identities, rights, locks. */

import { connect, identity, lock, locked, role, tenant, token } from "../../support/refusals-azure-native.ts";
import { accepted } from "../../support/refusals-azure-native-accepted.ts";
import { type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";

const refused: RefusedTypes = {
  [token("managedidentity:UserAssignedIdentity")]: [
    {
      kind: "name",
      when: "a name of two letters",
      change: (inputs) => ({ ...inputs, resourceName: "me" }),
      code: "InvalidParameter",
      says: "at least 3 are needed",
    },
    {
      kind: "placement",
      when: "a place that is no region",
      change: (inputs) => ({ ...inputs, location: "eu-west-1" }),
      code: "LocationNotAvailableForResourceType",
      says: "eu-west-1",
    },
    {
      kind: "immutable",
      when: "another region",
      change: (inputs) => ({ ...inputs, location: "westeurope" }),
      code: "PropertyChangeNotAllowed",
      says: "location",
    },
    { kind: "inUse", when: "deleting a locked one", afterwards: locked, code: "ScopeLocked", says: "someone" },
  ],
  [token("managedidentity:FederatedIdentityCredential")]: [
    {
      kind: "required",
      when: "two audiences",
      change: (inputs) => ({ ...inputs, audiences: ["api://AzureADTokenExchange", "sts.amazonaws.com"] }),
      code: "BadRequest",
      says: "exactly one audience",
    },
    {
      kind: "required",
      when: "all service accounts of a namespace",
      change: (inputs) => ({ ...inputs, subject: "system:serviceaccount:apps:*" }),
      code: "BadRequest",
      says: "wildcards are not supported",
    },
    {
      kind: "reference",
      when: "an identity that is not there",
      change: (inputs) => ({ ...inputs, resourceName: "nobody" }),
      code: "ParentResourceNotFound",
      says: "userAssignedIdentities/nobody",
    },
    {
      kind: "limit",
      when: "trusting one service account twice",
      first: (bench, inputs) =>
        bench.make(token("managedidentity:FederatedIdentityCredential"), {
          ...inputs,
          federatedIdentityCredentialResourceName: "first",
        }),
      code: "BadRequest",
      says: "combination already exists",
    },
    {
      kind: "limit",
      when: "a subject that is too long",
      change: (inputs) => ({ ...inputs, subject: "x".repeat(601) }),
      code: "BadRequest",
      says: "at most 600",
    },
    {
      kind: "placement",
      when: "an identity in a region where none can be federated",
      change: async (inputs, bench) => {
        await identity(bench, { resourceName: "faraway", location: "newzealandnorth" });
        return { ...inputs, resourceName: "faraway" };
      },
      code: "HTTP 405",
      says: "newzealandnorth",
    },
    {
      kind: "immutable",
      when: "another name",
      change: (inputs) => ({ ...inputs, federatedIdentityCredentialResourceName: "other" }),
      code: "PropertyChangeNotAllowed",
      says: "federatedIdentityCredentialResourceName",
    },
  ],
  [token("authorization:RoleAssignment")]: [
    {
      kind: "reference",
      when: "a role that there is not",
      change: (inputs, bench) => ({ ...inputs, roleDefinitionId: role(bench, tenant) }),
      code: "RoleDefinitionDoesNotExist",
      says: tenant,
    },
    {
      kind: "reference",
      when: "a new principal without saying what it is",
      change: ({ principalType: _, ...inputs }) => inputs,
      code: "PrincipalNotFound",
      says: "replication delay",
    },
    {
      kind: "reference",
      when: "an identity as a person",
      change: (inputs) => ({ ...inputs, principalType: "User" }),
      code: "UnmatchedPrincipalType",
      says: "has type 'ServicePrincipal'",
    },
    {
      kind: "reference",
      when: "another subscription's scope",
      change: (inputs) => ({ ...inputs, scope: "/subscriptions/33333333-2222-3333-4444-555555555555" }),
      code: "InvalidScope",
      says: "33333333-2222-3333-4444-555555555555",
    },
    {
      kind: "name",
      when: "a name that is no UUID",
      change: (inputs) => ({ ...inputs, roleAssignmentName: "reader" }),
      code: "InvalidRoleAssignmentId",
      says: "a UUID",
    },
    {
      kind: "name",
      when: "what was granted already",
      first: (bench, inputs) => bench.make(token("authorization:RoleAssignment"), inputs, "first"),
      code: "RoleAssignmentExists",
      says: "already exists",
    },
    {
      kind: "immutable",
      when: "another role",
      change: (inputs, bench) => ({ ...inputs, roleDefinitionId: role(bench, OWNER) }),
      code: "RoleAssignmentUpdateNotPermitted",
      says: "roleDefinitionId",
    },
    {
      kind: "immutable",
      when: "somebody else",
      change: (inputs) => ({ ...inputs, principalId: tenant }),
      code: "RoleAssignmentUpdateNotPermitted",
      says: "principalId",
    },
    {
      kind: "inUse",
      when: "taking rights away where all is locked",
      afterwards: (bench) => lock(bench, `/subscriptions/${bench.account}`),
      code: "ScopeLocked",
      says: "roleAssignments",
    },
  ],
  [token("authorization:ManagementLockByScope")]: [
    {
      kind: "required",
      when: "a level that there is not",
      change: (inputs) => ({ ...inputs, level: "Never" }),
      code: "BadRequest",
      says: "CanNotDelete or ReadOnly",
    },
    {
      kind: "reference",
      when: "a scope that is not there",
      change: (inputs) => ({ ...inputs, scope: `${inputs.scope}-gone` }),
      code: "ResourceNotFound",
      says: "someone-gone",
    },
    {
      kind: "name",
      when: "a name that ends with a dot",
      change: (inputs) => ({ ...inputs, lockName: "keep." }),
      code: "InvalidParameter",
      says: "not ending with a dot",
    },
    {
      kind: "limit",
      when: "a note that is too long",
      change: (inputs) => ({ ...inputs, notes: "x".repeat(513) }),
      code: "BadRequest",
      says: "at most 512",
    },
    {
      kind: "immutable",
      when: "another name",
      change: (inputs) => ({ ...inputs, lockName: "other" }),
      code: "PropertyChangeNotAllowed",
      says: "lockName",
    },
  ],
};

testRefused({ package: "azure-native", accepted, refused, connect });
