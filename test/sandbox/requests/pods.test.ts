import { beforeEach, describe, expect, test } from "vitest";
import { letsThrough, namespaceLabels, type Peer, type Pods, policyDrop } from "../../../sandbox/requests/pods.ts";
import { tcp } from "../../../sandbox/requests/ports.ts";
import { internet, spansOf, spansOfAll } from "../../../sandbox/requests/spans.ts";
import { inside, type SmallClouds, smallClouds } from "./clouds.ts";

const labelled = (namespace: string, labels: Record<string, string>): Pods => ({
  namespace,
  namespaceLabels: { "kubernetes.io/metadata.name": namespace },
  labels,
  title: `pods in ${namespace}`,
});
const proxies = labelled("gateway", { app: "envoy" });
const server = labelled("serving", { app: "server" });
const toInternet: Peer = { addresses: internet };
const https = tcp(443);

describe("rules for what goes out of a namespace", () => {
  const to = (...peers: object[]) => ({ ports: [{ port: 443 }], to: peers });
  test.each<[string, object[], Peer, boolean]>([
    ["no rule", [], toInternet, false],
    ["a rule for every peer", [{ ports: [{ port: 443 }] }], toInternet, true],
    ["a rule for every peer and port", [{}], toInternet, true],
    ["a rule for another port", [{ ports: [{ port: 80 }] }], toInternet, false],
    ["all addresses", [to({ ipBlock: { cidr: "0.0.0.0/0" } })], toInternet, true],
    [
      "all but private ones",
      [to({ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8", "192.168.0.0/16"] } })],
      toInternet,
      true,
    ],
    [
      "all but some of the internet",
      [to({ ipBlock: { cidr: "0.0.0.0/0", except: ["192.0.2.0/24"] } })],
      toInternet,
      false,
    ],
    [
      "two halves of it, in one rule",
      [to({ ipBlock: { cidr: "0.0.0.0/1" } }, { ipBlock: { cidr: "128.0.0.0/1" } })],
      toInternet,
      true,
    ],
    [
      "two halves of it, in two rules",
      [to({ ipBlock: { cidr: "0.0.0.0/1" } }), to({ ipBlock: { cidr: "128.0.0.0/1" } })],
      toInternet,
      true,
    ],
    [
      "the address that is meant",
      [to({ ipBlock: { cidr: "192.0.2.7/32" } })],
      { addresses: spansOf("192.0.2.7") },
      true,
    ],
    [
      "one of two addresses",
      [to({ ipBlock: { cidr: "192.0.2.7/32" } })],
      { addresses: spansOfAll(["192.0.2.7", "192.0.2.8"]) },
      false,
    ],
    ["namespaces, for an address", [to({ namespaceSelector: {} })], toInternet, false],
    ["addresses, for pods", [to({ ipBlock: { cidr: "0.0.0.0/0" } })], { pods: server }, false],
    ["every namespace", [to({ namespaceSelector: {} })], { pods: server }, true],
    [
      "that namespace",
      [to({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "serving" } } })],
      { pods: server },
      true,
    ],
    [
      "another namespace",
      [to({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "other" } } })],
      { pods: server },
      false,
    ],
    [
      "those pods there",
      [to({ namespaceSelector: {}, podSelector: { matchLabels: { app: "server" } } })],
      { pods: server },
      true,
    ],
    [
      "other pods there",
      [to({ namespaceSelector: {}, podSelector: { matchLabels: { app: "other" } } })],
      { pods: server },
      false,
    ],
    [
      "those pods, of its own namespace",
      [to({ podSelector: { matchLabels: { app: "server" } } })],
      { pods: server },
      false,
    ],
    ["pods of its own namespace", [to({ podSelector: { matchLabels: { app: "envoy" } } })], { pods: proxies }, true],
  ])("%s", (_, rules, peer, expected) => {
    expect(letsThrough(rules as Record<string, unknown>[], "gateway", "Egress", peer, https)).toBe(expected);
  });

  test("for what comes in, the peers are in `from`", () => {
    const rules = [{ from: [{ namespaceSelector: {} }] }];
    expect(letsThrough(rules, "serving", "Ingress", { pods: proxies }, https)).toBe(true);
    expect(letsThrough(rules, "serving", "Ingress", toInternet, https)).toBe(false);
  });
});

describe("the policies of a namespace", () => {
  const NP = "networking.k8s.io/v1:NetworkPolicy";
  let clouds: SmallClouds;
  beforeEach(() => {
    clouds = smallClouds();
  });
  const dropping = (direction: "Egress" | "Ingress" = "Egress") =>
    policyDrop(clouds.held(), inside, proxies, direction, toInternet, https)?.thing.name;

  test("let everything through where there are none", () => expect(dropping()).toBe(undefined));

  test.each<[string, object, "Egress" | "Ingress", string | undefined]>([
    ["denies all", { podSelector: {}, policyTypes: ["Egress", "Ingress"] }, "Egress", "policy"],
    ["is for what comes in", { podSelector: {}, policyTypes: ["Ingress"] }, "Egress", undefined],
    ["says no direction", { podSelector: {} }, "Egress", undefined],
    ["says no direction", { podSelector: {} }, "Ingress", "policy"],
    ["says no direction but has egress", { podSelector: {}, egress: [] }, "Egress", "policy"],
    [
      "is for other pods",
      { podSelector: { matchLabels: { app: "other" } }, policyTypes: ["Egress"] },
      "Egress",
      undefined,
    ],
    [
      "lets it through",
      { podSelector: {}, policyTypes: ["Egress"], egress: [{ ports: [{ port: 443 }] }] },
      "Egress",
      undefined,
    ],
  ])("that %j", (_, spec, direction, expected) => {
    clouds.object(NP, "gateway", "policy", { spec });
    expect(dropping(direction)).toBe(expected);
  });

  test("of another namespace or cluster do not matter", () => {
    const deny = { podSelector: {}, policyTypes: ["Egress"] };
    clouds.object(NP, "elsewhere", "policy", { spec: deny });
    clouds.hold(
      `kubernetes:${NP}`,
      "gateway/policy",
      { metadata: { name: "policy", namespace: "gateway" }, spec: deny },
      { scope: "https://other" },
    );
    expect(dropping()).toBe(undefined);
  });

  test("add up: what one of them lets through goes through; the one that says most is told", () => {
    clouds.object(NP, "gateway", "a-deny", { spec: { podSelector: {}, policyTypes: ["Egress"] } });
    const some = { podSelector: {}, policyTypes: ["Egress"], egress: [{ ports: [{ port: 53 }] }] };
    const allowing = clouds.object(NP, "gateway", "b-some", { spec: some });
    expect(dropping()).toBe("b-some");
    clouds.object(NP, "gateway", "c-https", { spec: { ...some, egress: [{ ports: [{ port: 443 }] }] } });
    expect(dropping()).toBe(undefined);
    clouds.drop(allowing);
    expect(dropping()).toBe(undefined);
  });

  test("see a namespace by its name and its labels", () => {
    clouds.hold(
      "kubernetes:core/v1:Namespace",
      "team",
      { metadata: { name: "team", labels: { tier: "front" } } },
      { scope: inside },
    );
    expect(namespaceLabels(clouds.held(), inside, "team")).toEqual({
      tier: "front",
      "kubernetes.io/metadata.name": "team",
    });
    expect(namespaceLabels(clouds.held(), inside, "kube-system")).toEqual({
      "kubernetes.io/metadata.name": "kube-system",
    });
  });
});
