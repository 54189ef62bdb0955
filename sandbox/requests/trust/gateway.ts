/** Whether a gateway accepts another one's token: https://gateway.envoyproxy.io/docs/tasks/security/jwt-authentication/ */
import type { StoredResource } from "../../store.ts";
import { asList, knownString, valueAt, valuesAt } from "../../values.ts";
import { type Drop, drop } from "../causes.ts";
import { type Held, namespaceOf, objectsIn, specOf } from "../held.ts";
import type { Cluster } from "../network.ts";
import type { Visit } from "../target.ts";
import { type Token, writersOf } from "../tokens.ts";

export function gatewayTrustDrop(
  { held, from, credential, backend }: Visit,
  cluster: Cluster,
  gateway: StoredResource,
): Drop | undefined {
  const policy = policyOf(held, cluster, gateway);
  // A gateway without a policy asks nobody who he is.
  if (policy === undefined) return undefined;
  const secret = knownString(valueAt(specOf(credential), "apiKey.secretRef.name"));
  const [writer] = secret === undefined ? [] : writersOf(held, from, secret);
  const [token] = writer?.tokens ?? [];
  if (token === undefined) {
    const why = `no workload beside it may write the Secret ${secret ?? "(none is named)"} and has a token for it`;
    return drop(
      "noToken",
      credential ?? backend,
      why,
      "Let a workload's service account patch the Secret with its token",
    );
  }
  return tokenDrop(policy, token);
}

function policyOf(held: Held, cluster: Cluster, gateway: StoredResource): StoredResource | undefined {
  return held
    .objects(cluster.inside, "gateway.envoyproxy.io", "SecurityPolicy")
    .filter((policy) => namespaceOf(policy) === namespaceOf(gateway))
    .find((policy) =>
      objectsIn(specOf(policy).targetRefs).some(({ kind, name }) => kind === "Gateway" && name === gateway.name),
    );
}

function tokenDrop(policy: StoredResource, { issuer, audience, subject }: Token): Drop | undefined {
  const spec = specOf(policy);
  const providers = objectsIn(valueAt(spec, "jwt.providers"));
  const provider = providers.find((one) => one.issuer === issuer && asList(one.audiences).includes(audience));
  if (providers.length > 0 && provider === undefined) {
    const why = `none of its providers takes a token of ${issuer} for ${audience}`;
    return drop("gatewayToken", policy, why, "Add that issuer and audience to jwt.providers");
  }
  if (valueAt(spec, "authorization.defaultAction") !== "Deny") return undefined;
  const claims: Readonly<Record<string, string>> = { iss: issuer, sub: subject, aud: audience };
  const isLetIn = objectsIn(valueAt(spec, "authorization.rules")).some(
    (rule) =>
      rule.action === "Allow" &&
      valueAt(rule, "principal.jwt.provider") === provider?.name &&
      valuesAt(rule, "principal.jwt.claims[]").every(({ value }) =>
        asList(valueAt(value, "values")).includes(claims[String(valueAt(value, "name"))]),
      ),
  );
  if (isLetIn) return undefined;
  return drop("gatewayClaim", policy, `no rule allows ${subject} of ${issuer}`, `Add a rule that allows ${subject}`);
}
