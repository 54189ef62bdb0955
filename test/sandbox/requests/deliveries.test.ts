import { beforeEach, describe, expect, test } from "vitest";
import { causeFacts } from "../../../sandbox/requests/causes.ts";
import { deliveriesIn } from "../../../sandbox/requests/index.ts";
import type { Properties } from "../../../sandbox/values.ts";
import { type SmallClouds, smallClouds } from "./clouds.ts";

/** Whole requests between EKS clusters that are small enough to see through. */

let clouds: SmallClouds;
beforeEach(() => {
  clouds = smallClouds();
  clouds.hold("aws:route53/zone:Zone", "zone", { name: "example.com", vpcs: [] });
});

const region = { region: "eu-west-1" };

/** A cluster with a way out, its gateway at `<name>.example.com`, and a load balancer that lets everybody in. */
function gateway(name: string, { machines = true, ranges = [] as string[] } = {}) {
  const inside = `https://${name}.eks`;
  const hold = (type: string, id: string, outputs: Properties) =>
    clouds.hold(`aws:${type}`, `${id}-${name}`, outputs, region);
  hold("ec2/vpc:Vpc", "vpc", { enableDnsHostnames: true, mainRouteTableId: `rtb-${name}` });
  for (const id of ["nodes", "open"]) hold("ec2/subnet:Subnet", id, { vpcId: `vpc-${name}`, cidrBlock: "10.0.0.0/24" });
  const egress = `192.0.2.${name.charCodeAt(0)}`;
  hold("ec2/eip:Eip", "out", { publicIp: egress });
  hold("ec2/eip:Eip", "in", { publicIp: `198.51.100.${name.charCodeAt(0)}` });
  hold("ec2/internetGateway:InternetGateway", "igw", {});
  hold("ec2/natGateway:NatGateway", "nat", { allocationId: `out-${name}`, subnetId: `open-${name}` });
  const out = { destinationCidrBlock: "0.0.0.0/0" };
  hold("ec2/route:Route", "r1", { ...out, routeTableId: `rtb-${name}`, natGatewayId: `nat-${name}` });
  hold("ec2/route:Route", "r2", { ...out, routeTableId: `open-${name}`, gatewayId: `igw-${name}` });
  hold("ec2/routeTableAssociation:RouteTableAssociation", "a", {
    subnetId: `open-${name}`,
    routeTableId: `open-${name}`,
  });
  const cluster = clouds.hold(
    "aws:eks/cluster:Cluster",
    name,
    { endpoint: inside, vpcConfig: { clusterSecurityGroupId: `sg-${name}` } },
    region,
  );
  if (machines) hold("eks/nodeGroup:NodeGroup", "pool", { clusterName: name, subnetIds: [`nodes-${name}`] });
  const record = clouds.hold("aws:route53/record:Record", name, {
    zoneId: "zone",
    name: `${name}.example.com`,
    type: "A",
    records: [`198.51.100.${name.charCodeAt(0)}`],
  });
  const object = (token: string, id: string, more: Properties) =>
    clouds.hold(
      `kubernetes:${token}`,
      `ns/${id}`,
      { metadata: { name: id, namespace: "ns" }, ...more },
      { scope: inside, name: id },
    );
  object("gateway.networking.k8s.io/v1:Gateway", "gw", {
    spec: {
      listeners: [{ port: 443, hostname: `${name}.example.com` }],
      infrastructure: { parametersRef: { name: "proxy" } },
    },
  });
  object("gateway.envoyproxy.io/v1alpha1:EnvoyProxy", "proxy", {
    spec: {
      provider: {
        kubernetes: {
          envoyService: {
            annotations: { "service.beta.kubernetes.io/aws-load-balancer-eip-allocations": `in-${name}` },
            loadBalancerSourceRanges: ranges,
          },
        },
      },
    },
  });
  const route = (model: string, ...to: readonly (readonly [host: string, port: number, model: string])[]) => {
    const rules = to.map(([host, port, name], priority) => {
      const id = `${model.replace("@", "-")}-${priority}`;
      object("gateway.envoyproxy.io/v1alpha1:Backend", id, {
        spec: { endpoints: [{ fqdn: { hostname: host, port } }] },
      });
      object("aigateway.envoyproxy.io/v1beta1:AIServiceBackend", id, { spec: { backendRef: { name: id } } });
      return { name: id, modelNameOverride: name, priority };
    });
    return object("aigateway.envoyproxy.io/v1beta1:AIGatewayRoute", model.replace("@", "-"), {
      spec: {
        parentRefs: [{ name: "gw" }],
        rules: [{ matches: [{ headers: [{ name: "x-ai-eg-model", value: model }] }], backendRefs: rules }],
      },
    });
  };
  return { inside, cluster, record, object, route, egress };
}

const told = () =>
  deliveriesIn(clouds.store).map(({ gateway: from, path, dropped, note }) => {
    const name = from.split(".")[0] ?? "";
    return `${name} ${path}: ${dropped === null ? (note ?? "delivered") : `${dropped.code} ${dropped.thing.name}`}`;
  });

/** A model server of the cluster's own. */
function serve({ object }: ReturnType<typeof gateway>, more: { service?: Properties; replicas?: number } = {}) {
  object("core/v1:Service", "server", {
    spec: { selector: { app: "server" }, ports: [{ port: 80, targetPort: "web" }], ...more.service },
  });
  const template = {
    metadata: { labels: { app: "server" } },
    spec: { containers: [{ ports: [{ name: "web", containerPort: 8000 }] }] },
  };
  object("apps/v1:Deployment", "server", { spec: { replicas: more.replicas ?? 1, template } });
}
const server = ["server.ns.svc.cluster.local", 80, "m"] as const;

describe("to a Service of its own cluster a request", () => {
  test("arrives, by the short name too", () => {
    const a = gateway("a");
    serve(a);
    a.route("chat", server, ["server.ns.svc", 80, "n"]);
    expect(told()).toEqual(["a chat-0: delivered", "a chat-1: delivered"]);
  });

  test("arrives where no replica runs, and says so", () => {
    const a = gateway("a");
    serve(a, { replicas: 0 });
    a.route("chat", server);
    expect(told()).toEqual(["a chat-0: no replica runs"]);
  });

  test.each<[string, Properties, string]>([
    ["has no such port", { ports: [{ port: 81 }] }, "time-out server"],
    ["selects other pods", { selector: { app: "other" } }, "connection refused server"],
    ["selects nothing", { selector: undefined }, "connection refused server"],
  ])("is lost when the Service %s", (_, service, expected) => {
    const a = gateway("a");
    serve(a, { service });
    a.route("chat", server);
    expect(told()).toEqual([`a chat-0: ${expected}`]);
  });

  const deny = { spec: { podSelector: {}, policyTypes: ["Egress"] } };
  test("goes out whatever the policies say where the network plugin knows none", () => {
    const a = gateway("a");
    serve(a);
    a.route("chat", server);
    a.object("networking.k8s.io/v1:NetworkPolicy", "deny", deny);
    expect(told()).toEqual(["a chat-0: delivered"]);
    clouds.hold(
      "aws:eks/addon:Addon",
      "a:vpc-cni",
      { clusterName: "a", addonName: "vpc-cni", configurationValues: '{"enableNetworkPolicy":"true"}' },
      region,
    );
    expect(told()).toEqual(["a chat-0: time-out deny"]);
  });

  test("is let in at the port that the pods have, by number or by the name that they give it", () => {
    const a = gateway("a");
    serve(a);
    a.route("chat", server);
    clouds.hold(
      "aws:eks/addon:Addon",
      "a:vpc-cni",
      { clusterName: "a", addonName: "vpc-cni", configurationValues: '{"enableNetworkPolicy":"true"}' },
      region,
    );
    const policy = (port: unknown) =>
      a.object("networking.k8s.io/v1:NetworkPolicy", "in", {
        spec: {
          podSelector: { matchLabels: { app: "server" } },
          ingress: [{ from: [{ podSelector: {} }], ports: [{ port }] }],
        },
      });
    for (const [port, expected] of [
      [8000, "delivered"],
      ["web", "delivered"],
      [80, "time-out in"],
      ["http", "time-out in"],
    ]) {
      const made = policy(port);
      expect(told(), String(port)).toEqual([`a chat-0: ${expected}`]);
      clouds.drop(made);
    }
  });
});

describe("to another gateway a request", () => {
  test("goes on to the backend that its rule for the model's name tries first", () => {
    const [a, b] = [gateway("a"), gateway("b")];
    serve(b);
    a.route("chat", ["b.example.com", 443, "chat@b"]);
    b.route("chat@b", server, ["nowhere.example.org", 443, "n"]);
    expect(told()).toEqual(["a chat-0: delivered", "b chat-b-0: delivered", "b chat-b-1: NXDOMAIN chat-b-1"]);
  });

  test("ends there: a request passes two gateways at most", () => {
    const [a, b, c] = [gateway("a"), gateway("b"), gateway("c")];
    serve(c);
    a.route("chat", ["b.example.com", 443, "chat@c"]);
    b.route("chat@c", ["c.example.com", 443, "chat@c"]);
    c.route("chat@c", server);
    expect(told()).toEqual(["a chat-0: 404 gw", "b chat-c-0: delivered", "c chat-c-0: delivered"]);
  });

  test("is lost where no rule is for the model's name", () => {
    const [a, b] = [gateway("a"), gateway("b")];
    serve(b);
    a.route("chat", ["b.example.com", 443, "chat"]);
    b.route("chat@b", server);
    expect(told()[0]).toBe("a chat-0: 404 gw");
  });

  test("is lost where the name leads elsewhere, or to nothing", () => {
    const [a, b] = [gateway("a"), gateway("b")];
    serve(b);
    a.route("chat", ["b.example.com", 443, "chat@b"]);
    b.route("chat@b", server);
    clouds.drop(b.record);
    expect(told()[0]).toBe("a chat-0: NXDOMAIN zone");
    clouds.hold("aws:route53/record:Record", "b", {
      zoneId: "zone",
      name: "b.example.com",
      type: "A",
      records: ["203.0.113.1"],
    });
    expect(told()[0]).toBe("a chat-0: time-out proxy");
  });

  test("is lost at a port without a listener", () => {
    const [a, b] = [gateway("a"), gateway("b")];
    serve(b);
    a.route("chat", ["b.example.com", 8443, "chat@b"]);
    b.route("chat@b", server);
    expect(told()[0]).toBe("a chat-0: time-out gw");
  });

  test.each([
    [["192.0.2.97/32"], "delivered"],
    [["192.0.2.98/32"], "time-out proxy"],
    [["192.0.2.0/24"], "delivered"],
  ])("is let in from its own address by the ranges %j: %s", (ranges, expected) => {
    const [a, b] = [gateway("a"), gateway("b", { ranges })];
    serve(b);
    expect(a.egress).toBe("192.0.2.97");
    a.route("chat", ["b.example.com", 443, "chat@b"]);
    b.route("chat@b", server);
    expect(told()[0]).toBe(`a chat-0: ${expected}`);
  });
});

describe("a request", () => {
  test("for a name that nobody has is lost", () => {
    gateway("a").route("chat", ["models.example.org", 443, "m"]);
    expect(told()).toEqual(["a chat-0: NXDOMAIN chat-0"]);
  });

  test("for a name that leads to nobody is lost without an answer", () => {
    clouds.hold("aws:route53/record:Record", "old", {
      zoneId: "zone",
      name: "old.example.com",
      type: "A",
      records: ["203.0.113.1"],
    });
    gateway("a").route("chat", ["old.example.com", 443, "m"]);
    expect(told()).toEqual(["a chat-0: time-out chat-0"]);
  });

  test("is not sent where there is no machine, gateway or backend for it", () => {
    const a = gateway("a", { machines: false });
    a.route("chat", ["b.example.com", 443, "m"]);
    expect(told()).toEqual(["a chat-0: FailedScheduling a"]);
    const b = gateway("b");
    b.object("aigateway.envoyproxy.io/v1beta1:AIGatewayRoute", "lost", {
      spec: { parentRefs: [{ name: "other" }], rules: [{ backendRefs: [{ name: "x" }] }] },
    });
    b.object("aigateway.envoyproxy.io/v1beta1:AIGatewayRoute", "empty", {
      spec: { parentRefs: [{ name: "gw" }], rules: [{ backendRefs: [{ name: "x" }] }] },
    });
    expect(told()).toEqual([" x: NoMatchingParent lost", "a chat-0: FailedScheduling a", "b x: 500 empty"]);
  });
});

test("clouds without a cluster have no requests", () => expect(deliveriesIn(clouds.store)).toEqual([]));

test("every cause says what the caller sees, and whose page says so", () => {
  const all = Object.entries(causeFacts);
  expect(all.length).toBeGreaterThan(30);
  for (const [cause, { code, seen, source }] of all) {
    expect(code, cause).toMatch(/^[A-Za-z0-9_ -]+$/);
    expect(seen.length, cause).toBeGreaterThan(10);
    expect(new URL(source).protocol, cause).toBe("https:");
  }
});
