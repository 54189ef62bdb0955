/**
 * Pods that sign in to Entra by their service account's token. Entra takes the token for an identity that a federated
 * credential trusts this cluster and this service account for, and it takes a while until a new credential is known
 * everywhere (https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations): pods start,
 * fail and start again until then, so a rollout is ready only after it.
 */
import type { Context, Problem } from "../../cloud.ts";
import type { StoredResource } from "../../store.ts";
import { asList, asObject, knownString, type Properties, valueAt, valuesAt } from "../../values.ts";
import { NotYet } from "../../waiting.ts";
import { IDENTITY } from "../azure-native/common.ts";
import { CREDENTIAL, FEDERATION, trustName } from "../azure-native/identity.ts";
import { CLUSTERS } from "./nodes.ts";
import { containersOf } from "./pod-template.ts";

/** What a token must be for, so that Entra takes it. */
const AUDIENCE = "api://AzureADTokenExchange";

/** Seconds until a new credential is known. In the cloud it takes minutes. */
const SPREADS_AFTER = 1;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Client ids that would be refused, of pods with a token for Entra.
 * @throws NotYet while a credential that trusts the pod is not known everywhere
 */
export function federationProblems(spec: Properties, path: string, namespace: string, context: Context): Problem[] {
  const audiences = valuesAt(spec, "volumes[].projected.sources[].serviceAccountToken.audience");
  if (!audiences.some(({ value }) => value === AUDIENCE)) return [];
  const subject = `system:serviceaccount:${namespace}:${knownString(spec.serviceAccountName) ?? "default"}`;
  const issuer = issuerOf(context.find(CLUSTERS, context.connection.scope, "endpoint"));
  return clientsOf(spec, path).flatMap(({ property, client }) => {
    const identity = context.find(IDENTITY, client.toLowerCase(), "client");
    if (identity === undefined) {
      const reason = `AADSTS700016: Application with identifier '${client}' was not found in the directory`;
      const fix = "Take clientId from the output of the identity";
      return [{ property, kind: "reference", reason, fix, source: FEDERATION }];
    }
    const trust = context.find(CREDENTIAL, trustName(identity.id, issuer, subject), "trust");
    // Entra compares letter by letter.
    if (trust?.inputs.issuer !== issuer || trust.inputs.subject !== subject) {
      return [{ property, ...unmatched(identity, issuer, subject) }];
    }
    const spread = new Date(Date.parse(trust.createdAt) + SPREADS_AFTER * 1000);
    if (context.now < spread) throw new NotYet(trust.id, spread);
    return [];
  });
}

function unmatched({ id }: StoredResource, issuer: string, subject: string): Omit<Problem, "property"> {
  const reason = `AADSTS700213: No matching federated identity record found for presented assertion subject '${subject}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion (issuer '${issuer}')`;
  const fix = `Make a FederatedIdentityCredential of ${id} with exactly this issuer and subject, and let this depend on it`;
  return { kind: "reference", reason, fix, source: FEDERATION };
}

/** Client ids among the containers' variables: `AZURE_CLIENT_ID`, `ENTRA_CLIENT_ID`. */
function clientsOf(spec: Properties, path: string): { property: string; client: string }[] {
  return containersOf(spec, path).flatMap(({ container, at }) =>
    asList(container.env).flatMap((variable, index) => {
      const { name, value } = asObject(variable);
      const client = knownString(value) ?? "";
      if (!/_CLIENT_ID$/.test(String(name)) || !UUID.test(client)) return [];
      return [{ property: `${at}.env[${index}].value`, client }];
    }),
  );
}

/** What the cluster's tokens say that they come from; "" for a cluster whose issuer nobody can ask. */
function issuerOf(cluster: StoredResource | undefined): string {
  const { type = "", outputs = {} } = cluster ?? {};
  if (type.startsWith("gcp:")) return `https://container.googleapis.com/v1/${outputs.id}`;
  const path = type.startsWith("aws:") ? "identities[].oidcs[].issuer" : "oidcIssuerProfile.issuerURL";
  return knownString(valueAt(outputs, path)) ?? "";
}
