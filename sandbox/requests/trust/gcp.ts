/** Whether Google Cloud takes a gateway's token and lets its principal prompt: https://cloud.google.com/iam/docs/workload-identity-federation */
import type { StoredResource } from "../../store.ts";
import { asList, asObject, knownString, valueAt } from "../../values.ts";
import { type Drop, drop } from "../causes.ts";
import { type Held, specOf } from "../held.ts";
import { numbersOf } from "../projects.ts";
import { environmentOf } from "../signing.ts";
import type { Call, Errand, Visit } from "../target.ts";
import { mountedText, mountedToken, proxyAccount, type Token } from "../tokens.ts";

const PROVIDER = "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider";
const PERMISSION = "aiplatform.endpoints.predict";

export function googleTrustDrop(visit: Visit): Drop | undefined {
  const { held, from, credential, backend } = visit;
  const project = knownString(valueAt(specOf(credential), "gcpCredentials.projectName"));
  if (project === undefined) return undefined;
  const file = environmentOf(held, from, "GOOGLE_APPLICATION_CREDENTIALS");
  if (file === undefined) return permissionDrop(held, credential ?? backend, project, ownMembers(visit));
  const settings = settingsIn(mountedText(held, from, file));
  const name = String(settings.audience).replace(/^\/\/iam\.googleapis\.com\//, "");
  const provider = held.all(PROVIDER).find(({ outputs }) => outputs.name === name);
  const token = mountedToken(held, from, String(valueAt(settings, "credential_source.file")));
  if (provider === undefined || token === undefined) {
    const why =
      provider === undefined
        ? `${file} names the provider ${name}, which is not there`
        : "the pods have no token to exchange";
    return drop(
      "gcpToken",
      from.proxy ?? from.gateway,
      why,
      "Name a provider that trusts the cluster, and mount its token",
    );
  }
  return exchangeDrop(provider, token) ?? permissionDrop(held, provider, project, memberOf(provider, token));
}

/** Who exchanges the token; nobody where the machine itself answers for the pods. */
export function googleErrands(held: Held, { from }: Call): Errand[] {
  const file = environmentOf(held, from, "GOOGLE_APPLICATION_CREDENTIALS");
  const url = file === undefined ? "" : String(settingsIn(mountedText(held, from, file)).token_url);
  return URL.canParse(url) ? [{ host: new URL(url).host, pods: from.pods }] : [];
}

function settingsIn(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(text ?? ""));
  } catch {
    return {};
  }
}

function exchangeDrop(provider: StoredResource, token: Token): Drop | undefined {
  const { oidc, attributeCondition, name } = provider.outputs;
  const { issuerUri, allowedAudiences } = asObject(oidc);
  const given = asList(allowedAudiences);
  const audiences = given.length > 0 ? given : [`https://iam.googleapis.com/${name}`, `//iam.googleapis.com/${name}`];
  if (issuerUri !== token.issuer || !audiences.includes(token.audience)) {
    const why = `it takes tokens of ${issuerUri} for ${audiences.join(", ")}; this one is of ${token.issuer} for ${token.audience}`;
    return drop("gcpToken", provider, why, "Set oidc.issuerUri and oidc.allowedAudiences to the token's");
  }
  // Of conditions only the plain comparison of a subject is understood; others are taken to hold.
  const [, wanted] = /^\s*assertion\.sub\s*==\s*["']([^"']*)["']\s*$/.exec(String(attributeCondition)) ?? [];
  if (wanted === undefined || wanted === token.subject) return undefined;
  const why = `attributeCondition wants ${wanted}; the token is of ${token.subject}`;
  return drop("gcpCondition", provider, why, `Let attributeCondition hold for ${token.subject}`);
}

/** https://cloud.google.com/iam/docs/principal-identifiers */
function memberOf({ outputs }: StoredResource, { subject }: Token): string[] {
  const pool = String(outputs.name).replace(/\/providers\/[^/]+$/, "");
  return [`principal://iam.googleapis.com/${pool}/subject/${subject}`, `principalSet://iam.googleapis.com/${pool}/*`];
}

/** Inside GKE the proxies are themselves: https://cloud.google.com/kubernetes-engine/docs/concepts/workload-identity */
function ownMembers({ held, from }: Visit): string[] {
  const { resource } = from.cluster;
  const pool = String(valueAt(resource.outputs, "workloadIdentityConfig.workloadPool"));
  const { namespace, name } = proxyAccount(from);
  const principals = numbersOf(held, resource.placement.scope).map(
    (number) =>
      `principal://iam.googleapis.com/${number}/locations/global/workloadIdentityPools/${pool}/subject/ns/${namespace}/sa/${name}`,
  );
  return [...principals, `serviceAccount:${pool}[${namespace}/${name}]`];
}

/** Google's own roles that hold it: https://cloud.google.com/vertex-ai/docs/general/access-control */
const predefined = ["roles/aiplatform.user", "roles/aiplatform.admin", "roles/editor", "roles/owner"];

function permissionDrop(
  held: Held,
  thing: StoredResource,
  project: string,
  members: readonly string[],
): Drop | undefined {
  const granted = held
    .all("gcp:projects/iAMMember:IAMMember", project)
    .filter(({ outputs }) => members.includes(String(outputs.member)))
    .some(({ outputs }) => predefined.includes(String(outputs.role)) || hasPermission(held, outputs.role));
  if (granted) return undefined;
  const why = `project ${project} gives no role with ${PERMISSION} to ${members[0]}`;
  return drop("gcpPermission", thing, why, `Give ${members[0]} a role with ${PERMISSION}`);
}

function hasPermission(held: Held, role: unknown): boolean {
  const found = held.find("gcp:projects/iAMCustomRole:IAMCustomRole", role);
  return asList(found?.outputs.permissions).includes(PERMISSION);
}
