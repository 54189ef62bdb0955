/** Azure OpenAI: https://learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks */
import type { StoredResource } from "../../store.ts";
import { asList, knownString, valueAt, valuesAt } from "../../values.ts";
import { drop } from "../causes.ts";
import type { Held } from "../held.ts";
import type { Origin } from "../network.ts";
import { covers, internet, spansOfAll, textOf } from "../spans.ts";
import type { Target, Visit } from "../target.ts";
import { entraErrands, entraTrustDrop } from "../trust/azure.ts";

const ACCOUNT = "azure-native:cognitiveservices:Account";

export const azureOpenAi: Target = {
  knows: (held, host) => accountOf(held, host) !== undefined,
  publicly: () => ({ to: "internet", addresses: internet, exact: false }),
  errands: entraErrands,
  receive: (visit) => {
    const account = accountOf(visit.held, visit.host);
    return account === undefined ? undefined : (networkDrop(visit, account) ?? entraTrustDrop(visit, account));
  },
};

function accountOf(held: Held, host: string): StoredResource | undefined {
  return held.all(ACCOUNT).find(({ outputs }) => hostIn(valueAt(outputs, "properties.endpoint")) === host);
}

function hostIn(endpoint: unknown): string | undefined {
  const text = knownString(endpoint) ?? "";
  return URL.canParse(text) ? new URL(text).host : undefined;
}

/** Who comes by a private endpoint of the account is let in; everybody else by its own rules. */
function networkDrop({ held, way, origin, sources }: Visit, account: StoredResource) {
  if (way.to === "endpoint" && leadsTo(way.endpoint, account)) return undefined;
  const properties = account.outputs.properties;
  if (valueAt(properties, "publicNetworkAccess") !== "Enabled") {
    const why = `publicNetworkAccess is ${String(valueAt(properties, "publicNetworkAccess"))}, and the request from ${textOf(sources)} came by no private endpoint`;
    const fix = "Call it by a private endpoint of the caller's network, or enable access for stated addresses";
    return drop("azureClosed", account, why, fix);
  }
  if ((valueAt(properties, "networkAcls.defaultAction") ?? "Allow") === "Allow") return undefined;
  const allowed = valuesAt(properties, "networkAcls.ipRules[].value").map(({ value }) => value);
  if (covers(spansOfAll(allowed), sources) || isSubnetAllowed(properties, origin.subnet)) return undefined;
  const why = `networkAcls.ipRules has ${allowed.join(", ") || "no address"}; the request comes from ${textOf(sources)}`;
  const near = endpointNear(held, account, origin);
  const fix =
    near === undefined
      ? `Add ${textOf(sources)} to networkAcls.ipRules`
      : `Let the name lead to ${near.name}: link its private DNS zone, with the endpoint's zone group, to ${origin.network.name}`;
  return drop("azureRules", account, why, fix);
}

/** A private endpoint of the account in the caller's own network. */
function endpointNear(held: Held, account: StoredResource, { network }: Origin): StoredResource | undefined {
  const inside = `${network.id.toLowerCase()}/subnets/`;
  return held
    .all("azure-native:network:PrivateEndpoint")
    .filter(({ outputs }) => String(valueAt(outputs, "subnet.id")).toLowerCase().startsWith(inside))
    .find((endpoint) => leadsTo(endpoint, account));
}

function leadsTo(endpoint: StoredResource, account: StoredResource): boolean {
  const ids = [
    ...valuesAt(endpoint.outputs, "privateLinkServiceConnections[].privateLinkServiceId"),
    ...valuesAt(endpoint.outputs, "manualPrivateLinkServiceConnections[].privateLinkServiceId"),
  ];
  return ids.some(({ value }) => String(value).toLowerCase() === account.id.toLowerCase());
}

/** A rule for a subnet is of use only where the subnet has a service endpoint. */
function isSubnetAllowed(properties: unknown, subnet: StoredResource): boolean {
  const has = asList(subnet.outputs.serviceEndpoints).some(
    (one) => valueAt(one, "service") === "Microsoft.CognitiveServices",
  );
  const ids = valuesAt(properties, "networkAcls.virtualNetworkRules[].id").map(({ value }) =>
    String(value).toLowerCase(),
  );
  return has && ids.includes(subnet.id.toLowerCase());
}
