import { beforeEach, expect, test } from "vitest";
import { projectNumber } from "../../../sandbox/clouds/gcp/project-numbers.ts";
import type { Origin } from "../../../sandbox/requests/network.ts";
import { gcpNetwork } from "../../../sandbox/requests/networks/gcp.ts";
import { tcp } from "../../../sandbox/requests/ports.ts";
import { internet, nowhere, spansOfAll } from "../../../sandbox/requests/spans.ts";
import type { Visit } from "../../../sandbox/requests/target.ts";
import { vertex } from "../../../sandbox/requests/targets/vertex.ts";
import type { Properties } from "../../../sandbox/values.ts";
import { inside, type SmallClouds, smallClouds } from "./clouds.ts";

/** Who gets through a service perimeter to the models of a project. */

const project = "models-project";
const number = `projects/${projectNumber(project)}`;
const policy = "accessPolicies/1";
let clouds: SmallClouds;
beforeEach(() => {
  clouds = smallClouds();
});

function perimeter(status: Properties = {}, more: Properties = {}) {
  const all = { resources: [number], restrictedServices: ["aiplatform.googleapis.com"], ...status };
  const id = `${policy}/servicePerimeters/wall`;
  return clouds.hold("gcp:accesscontextmanager/servicePerimeter:ServicePerimeter", id, { status: all, ...more });
}

function level(basic: Properties) {
  clouds.hold("gcp:accesscontextmanager/accessLevel:AccessLevel", `${policy}/accessLevels/gateways`, { basic });
}

const ingress = (to: Properties = {}, accessLevel = `${policy}/accessLevels/gateways`) => ({
  ingressFrom: { sources: [{ accessLevel }] },
  ingressTo: { resources: [number], operations: [{ serviceName: "aiplatform.googleapis.com" }], ...to },
});

/** Whether a request from these addresses is stopped at the perimeter. */
function stopped(addresses: readonly string[], from: "outside" | "inside" = "outside"): boolean {
  const scope = from === "inside" ? project : "elsewhere";
  const network = clouds.hold("gcp:compute/network:Network", `net-${scope}`, {}, { scope });
  const resource = clouds.hold("gcp:container/cluster:Cluster", `cluster-${scope}`, {}, { scope });
  const cluster = { resource, inside, network: gcpNetwork };
  const origin: Origin = { cluster, subnet: network, network, addresses: nowhere, groups: [] };
  const credential = clouds.object("aigateway.envoyproxy.io/v1beta1:BackendSecurityPolicy", "ns", "credential", {
    spec: { gcpCredentials: { projectName: project } },
  });
  const gateway = clouds.object("gateway.networking.k8s.io/v1:Gateway", "ns", "gateway");
  const pods = { namespace: "ns", namespaceLabels: {}, labels: {}, title: "pods" };
  const visit: Visit = {
    held: clouds.held(),
    from: { cluster, gateway, proxy: undefined, pods },
    backend: gateway,
    host: "aiplatform.googleapis.com",
    port: tcp(443),
    model: "m",
    credential,
    origin,
    way:
      from === "inside" ? { to: "edge", addresses: internet } : { to: "internet", addresses: internet, exact: false },
    sources: from === "inside" ? nowhere : spansOfAll(addresses),
    onward: undefined,
  };
  const found = vertex.receive(visit);
  // Nobody has a role in these clouds: what is not stopped at the perimeter ends there.
  expect(["gcpPerimeter", "gcpPermission"]).toContain(found?.cause);
  return found?.cause === "gcpPerimeter";
}

test.each<[string, Properties, Properties, boolean]>([
  ["is around the project", {}, {}, true],
  ["is around another project", { resources: ["projects/5"] }, {}, false],
  ["guards another service", { restrictedServices: ["storage.googleapis.com"] }, {}, false],
  ["is a bridge", {}, { perimeterType: "PERIMETER_TYPE_BRIDGE" }, false],
])("a perimeter that %s", (_, status, more, expected) => {
  perimeter(status, more);
  expect(stopped(["192.0.2.1"])).toBe(expected);
});

test("what comes over Google's network from a project inside is let in, from another one it is not", () => {
  perimeter();
  expect(stopped([], "inside")).toBe(false);
  clouds = smallClouds();
  perimeter({ resources: [number, "projects/5"] });
  expect(stopped(["192.0.2.1"])).toBe(true);
});

const range = (...ipSubnetworks: string[]) => ({ ipSubnetworks });
test.each<[string, Properties, boolean]>([
  ["its range", { conditions: [range("192.0.2.0/30")] }, false],
  ["its two addresses", { conditions: [range("192.0.2.1/32", "192.0.2.2/32")] }, false],
  ["one of its two addresses", { conditions: [range("192.0.2.1/32")] }, true],
  ["no address", { conditions: [range()] }, false],
  ["no condition", { conditions: [] }, true],
  ["two ranges, both of which must hold", { conditions: [range("192.0.2.0/30"), range("198.51.100.0/24")] }, true],
  [
    "two ranges, either of which will do",
    { combiningFunction: "OR", conditions: [range("192.0.2.0/30"), range("198.51.100.0/24")] },
    false,
  ],
  [
    "two other ranges, either of which will do",
    { combiningFunction: "OR", conditions: [range("203.0.113.0/24"), range("198.51.100.0/24")] },
    true,
  ],
  ["everybody but its range", { conditions: [{ ...range("192.0.2.0/30"), negate: true }] }, true],
  ["everybody but another range", { conditions: [{ ...range("198.51.100.0/24"), negate: true }] }, false],
])("an access level with %s", (_, basic, expected) => {
  perimeter({ ingressPolicies: [ingress()] });
  level(basic);
  expect(stopped(["192.0.2.1", "192.0.2.2"])).toBe(expected);
});

test.each<[string, object, boolean]>([
  ["for the service", ingress(), false],
  ["for every service and project", ingress({ resources: ["*"], operations: [{ serviceName: "*" }] }), false],
  ["for another service", ingress({ operations: [{ serviceName: "storage.googleapis.com" }] }), true],
  ["for another project", ingress({ resources: ["projects/5"] }), true],
  ["from everywhere", ingress({}, "*"), false],
  ["from a level that is not there", ingress({}, `${policy}/accessLevels/other`), true],
])("a rule %s", (_, rule, expected) => {
  perimeter({ ingressPolicies: [rule] });
  level({ conditions: [range("192.0.2.1/32")] });
  expect(stopped(["192.0.2.1"])).toBe(expected);
});

test("a level of the perimeter itself, or a rule that stands beside it, lets in as well", () => {
  level({ conditions: [range("192.0.2.1/32")] });
  const wall = perimeter({ accessLevels: [`${policy}/accessLevels/gateways`] });
  expect(stopped(["192.0.2.1"])).toBe(false);
  clouds = smallClouds();
  level({ conditions: [range("192.0.2.1/32")] });
  perimeter();
  const INGRESS = "gcp:accesscontextmanager/servicePerimeterIngressPolicy:ServicePerimeterIngressPolicy";
  clouds.hold(INGRESS, "rule", { perimeter: wall.id, ...ingress() });
  expect(stopped(["192.0.2.1"])).toBe(false);
});
