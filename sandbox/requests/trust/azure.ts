/** Whether Entra takes a gateway's token and Azure lets its identity in: https://learn.microsoft.com/entra/workload-id/workload-identity-federation */
import type { StoredResource } from "../../store.ts";
import { asList, knownString, valueAt } from "../../values.ts";
import { type Cause, type Drop, drop } from "../causes.ts";
import { type Held, specOf } from "../held.ts";
import type { Call, Errand, Visit } from "../target.ts";
import { type Token, type Writer, writersOf } from "../tokens.ts";

const IDENTITY = "azure-native:managedidentity:UserAssignedIdentity";

/** Requests carry a token out of a Secret; whoever keeps it there is trusted by Entra, or nobody is. */
export function entraTrustDrop({ held, from, credential, backend }: Visit, account: StoredResource): Drop | undefined {
  const secret = knownString(valueAt(specOf(credential), "apiKey.secretRef.name"));
  if (secret === undefined) {
    return drop(
      "noToken",
      credential ?? backend,
      "no Secret is named that the token is in",
      "Name one by apiKey.secretRef",
    );
  }
  const [writer] = writersOf(held, from, secret);
  const identity = held.all(IDENTITY).find(({ outputs }) => writer?.settings.includes(String(outputs.clientId)));
  const [token] = writer?.tokens ?? [];
  if (writer === undefined || token === undefined) {
    const why = `no workload beside it may write the Secret ${secret} and has a token to exchange`;
    return drop("noToken", credential ?? backend, why, `Let a workload's service account patch ${secret}`);
  }
  if (identity === undefined) {
    const why = "it names the client id of no identity that the subscription has";
    return drop("entraSubject", writer.deployment, why, "Give it the client id of the identity that trusts it");
  }
  return federationDrop(held, identity, token) ?? roleDrop(held, identity, account);
}

/** The writers of the Secret ask Entra, by the address that their settings name. */
export function entraErrands(held: Held, { from, credential }: Call): Errand[] {
  const secret = knownString(valueAt(specOf(credential), "apiKey.secretRef.name"));
  return secret === undefined ? [] : writersOf(held, from, secret).flatMap(errandsOf);
}

function errandsOf({ settings, pods }: Writer): Errand[] {
  const hosts = settings.flatMap((text) => (URL.canParse(text) ? new URL(text).host : []));
  return hosts.filter((host) => host === "login.microsoftonline.com").map((host) => ({ host, pods }));
}

/** All three are compared letter by letter. */
function federationDrop(held: Held, identity: StoredResource, token: Token): Drop | undefined {
  const credentials = held
    .all("azure-native:managedidentity:FederatedIdentityCredential")
    .filter(({ id }) => id.toLowerCase().startsWith(`${identity.id.toLowerCase()}/`));
  const steps: readonly (readonly [Cause, (credential: StoredResource) => boolean, string])[] = [
    ["entraIssuer", ({ outputs }) => outputs.issuer === token.issuer, token.issuer],
    ["entraSubject", ({ outputs }) => outputs.subject === token.subject, token.subject],
    ["entraAudience", ({ outputs }) => asList(outputs.audiences).includes(token.audience), token.audience],
  ];
  let left = credentials;
  for (const [cause, fits, value] of steps) {
    const fitting = left.filter(fits);
    if (fitting.length === 0) {
      const why = `it has no federated credential for ${value}`;
      return drop(cause, left[0] ?? identity, why, `Give ${identity.name} a federated credential for ${value}`);
    }
    left = fitting;
  }
  return undefined;
}

/** Roles with the right to call a deployment: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/ai-machine-learning */
const callers = [
  "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd", // Cognitive Services OpenAI User
  "a001fd3d-188f-4b5d-821b-7da978bf7442", // Cognitive Services OpenAI Contributor
  "a97b65f3-24c7-4388-baec-2e87135dc908", // Cognitive Services User
];

/** On the account itself or on what it is in. */
function roleDrop(held: Held, identity: StoredResource, account: StoredResource): Drop | undefined {
  const granted = held.all("azure-native:authorization:RoleAssignment").some(({ outputs }) => {
    const scope = String(outputs.scope).toLowerCase();
    const isAbove = `${account.id.toLowerCase()}/`.startsWith(`${scope}/`);
    const role = String(outputs.roleDefinitionId).split("/").at(-1) ?? "";
    return outputs.principalId === identity.outputs.principalId && isAbove && callers.includes(role);
  });
  if (granted) return undefined;
  const why = `${identity.name} has no role on it that may call a deployment`;
  return drop("azureRole", account, why, `Assign the role Cognitive Services OpenAI User on it to ${identity.name}`);
}
