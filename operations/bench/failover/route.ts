import { securityPolicy } from "../../../components/gateway/render/access.ts";
import type { KubernetesObject } from "../../../components/gateway/render/object.ts";
import { clientTrafficPolicy, gatewayClass, gatewayObject } from "../../../components/gateway/render/proxy.ts";
import { renderRoute } from "../../../components/gateway/render/route.ts";
import type { Edge, Gateway, Location, Path, Role } from "../../../components/plan/types.ts";

/** The route of the comparison, as this project renders it: two backends that speak OpenAI's API, streamed answers. */

export const workload = "compared";

const host = "ai.example.com";

/** First to last in the order in which they are tried. */
const places: readonly { readonly location: string; readonly role: Role; readonly model: string }[] = [
  { location: "first", role: "primary", model: "model-first" },
  { location: "second", role: "fallback", model: "model-second" },
];

/** Everything that the gateway is given. */
export function comparedObjects(): KubernetesObject[] {
  const paths = places.map(pathOf);
  const edges = places.map(
    ({ location }): Edge => ({
      gateway: "first",
      path: `${workload}/${location}`,
      kind: "public-endpoint",
      host: hostOf(location),
      port: 443,
    }),
  );
  const gateway: Gateway = {
    location: "first",
    host,
    zone: "example.com",
    replicas: 1,
    routes: [{ workload, edges }],
  };
  const { name, ...shape } = gatewayClass();
  const clients = [
    { name: "clients", issuer: "https://clients.invalid", jwksUri: "https://clients.invalid/keys", audience: host },
  ];
  return [
    { ...shape, metadata: { name } } as KubernetesObject,
    gatewayObject(host, "azure"),
    clientTrafficPolicy(),
    securityPolicy(host, clients, []),
    // Without conditions of its own a route has the measured ones, which every streamed workload has.
    ...renderRoute({ gateway, route: { workload, edges }, paths, locations: places.map(locationOf) }),
  ];
}

const hostOf = (location: string): string => `${location}.openai.azure.com`;

/** Azure: its managed models are the ones that speak OpenAI's API. */
function locationOf({ location }: { readonly location: string }): Location {
  return {
    name: location,
    cloud: "azure",
    account: "00000000-0000-0000-0000-000000000000",
    region: location,
    zones: [],
    cidr: "10.0.0.0/16",
    geography: location,
    metro: location,
  };
}

/** Only what a route is rendered from has a value that means something. */
function pathOf({ location, role, model }: (typeof places)[number]): Path {
  const because = "";
  return {
    id: `${workload}/${location}`,
    name: `${workload}-${location}`,
    workload,
    role,
    location,
    cloud: "azure",
    region: location,
    serving: "managed",
    standby: "hot",
    model,
    vendor: "none",
    openWeights: false,
    contract: "none",
    retires: null,
    managed: {
      modelId: model,
      name: model,
      version: null,
      publisher: "none",
      schema: "OpenAI",
      scope: location,
      apiLocation: location,
      sku: null,
      foundationModel: null,
      profileRegions: null,
      host: hostOf(location),
      capacityThousandTokensPerMinute: 1,
    },
    selfHosted: null,
    recovery: { objectiveSeconds: 60, firstAnswerSeconds: null, fullCapacitySeconds: null, because },
    capacity: { needed: 1, available: null, unit: "tokens/min", because },
    cost: { standbyUsdPerMonth: null, peakUsdPerHour: null, priceDate: null, because },
  };
}
