/** Managed identities, and whom they trust. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { isUnknown, knownString, type Properties } from "../../values.ts";
import { armId, azureType, IDENTITY, NAME_RULES, parentId, tenantOf, uuidOf } from "./common.ts";
import { regionName } from "./regions.ts";

export const CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential";

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
  handles: ({ principalId, clientId }) => [
    { by: "principal", value: String(principalId) },
    { by: "client", value: String(clientId) },
  ],
});

const credentialFacts = {
  token: CREDENTIAL,
  arm: "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
  names: ["resourceName", "federatedIdentityCredentialResourceName"],
  parent: IDENTITY,
} as const;

/** Rules, errors and limits of federated credentials. */
export const FEDERATION = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations";

const MOST_CREDENTIALS = 20;
const LONGEST_CLAIM = 600;

/** Regions whose identities can't be federated yet. */
const UNSUPPORTED = ["malaysiasouth", "malaysiawest", "newzealandnorth"];

/** How a credential can be found: by the identity's id and the claims, in lower case. */
export function trustName(identityId: string, issuer: unknown, subject: unknown): string {
  return `${identityId}|${issuer}|${subject}`.toLowerCase();
}

const credential = azureType({
  ...credentialFacts,
  rule: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
    allowed: "letters, digits, underscores and hyphens, beginning with a letter or digit",
    minLength: 3,
    maxLength: 120,
    source: FEDERATION,
  },
  replaceOn: [],
  oneAtATime: {
    parent: (inputs, connection) => parentId(credentialFacts, inputs, { connection }),
    refusal: (identityId) =>
      `ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity: Too many Federated Identity Credentials are written concurrently for the managed identity '${identityId}'. Concurrent Federated Identity Credentials writes under the same managed identity are not supported.`,
    source: FEDERATION,
  },
  check: credentialProblems,
  refuse: (inputs, context) => [...credentialRefusals(inputs, context), ...regionRefusals(inputs, context)],
  outputs: () => ({ type: "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials" }),
  handles: ({ issuer, subject }, id) => {
    const [identityId = ""] = id.split(/\/federatedIdentityCredentials\//i);
    return [{ by: "trust", value: trustName(identityId, issuer, subject) }];
  },
});

function credentialProblems({ issuer, subject, audiences }: Properties): Problem[] {
  const problems: Problem[] = [];
  const add = (property: string, reason: string, fix: string): void =>
    void problems.push({ property, kind: "required", reason, fix });
  if (!isUnknown(issuer) && !/^https:\/\/[^/?#\s]+/.test(String(issuer))) {
    add(
      "issuer",
      `"${issuer}" is no issuer: a URL that begins with https:// is expected`,
      "Take the cluster's issuer URL",
    );
  }
  if (!isUnknown(subject) && String(subject).includes("*")) {
    const fix = "Write a credential for each service account";
    add("subject", `"${subject}": wildcards are not supported in a subject`, fix);
  }
  if (Array.isArray(audiences) && audiences.length !== 1) {
    const reason = `has ${audiences.length} entries: federated identity credentials must have exactly one audience`;
    add("audiences", reason, "Write api://AzureADTokenExchange alone");
  }
  for (const [property, value] of Object.entries({ issuer, subject })) {
    const length = knownString(value)?.length ?? 0;
    if (length <= LONGEST_CLAIM) continue;
    problems.push({ property, reason: `has ${length} characters; at most ${LONGEST_CLAIM} are allowed` });
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
    const reason = `BadRequest: Issuer and subject combination already exists for this Managed Identity: ${same.id}`;
    return [{ property: "subject", reason, fix: "Use the credential that is there", source: FEDERATION }];
  }
  if (others.length < MOST_CREDENTIALS) return [];
  const reason = `too many federated identity credentials: an identity has at most ${MOST_CREDENTIALS}`;
  return [{ property: "resourceName", reason, fix: "Make another identity for the rest" }];
}

function regionRefusals(inputs: Properties, context: Context): Problem[] {
  const home = context.find(IDENTITY, armId(credentialFacts.arm, ["resourceName"], inputs, context));
  if (home === undefined || !UNSUPPORTED.includes(regionName(home.placement.region))) return [];
  const reason = `HTTP 405: The request format was unexpected: Support for federated identity credentials not enabled in ${home.placement.region}`;
  const fix = "Make the identity in another region: it can be used from here all the same";
  return [{ property: "resourceName", kind: "placement", reason, fix }];
}

export const identityTypes: readonly ResourceType[] = [identity, credential];
