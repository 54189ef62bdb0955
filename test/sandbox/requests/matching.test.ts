import { describe, expect, test } from "vitest";
import {
  inFirewallPorts,
  inGroupPorts,
  inPolicyPorts,
  inRuleRanges,
  isProtocol,
  type Port,
  tcp,
} from "../../../sandbox/requests/ports.ts";
import { droppingRule } from "../../../sandbox/requests/rules.ts";
import { hasLabels, selects } from "../../../sandbox/requests/selectors.ts";
import { everywhere, internet, type Spans, spansOf, spansOfAll } from "../../../sandbox/requests/spans.ts";
import { isTainted } from "../../../sandbox/requests/taints.ts";

const https = tcp(443);
const named = tcp(8000, ["https"]);
const dns: Port = { number: 53, protocol: "UDP" };

describe("a selector", () => {
  const labels = { app: "envoy", tier: "proxy" };
  test.each([
    [{}, true],
    [undefined, true],
    [{ matchLabels: { app: "envoy" } }, true],
    [{ matchLabels: { app: "envoy", tier: "other" } }, false],
    [{ matchLabels: { absent: "x" } }, false],
    [{ matchExpressions: [{ key: "app", operator: "In", values: ["other", "envoy"] }] }, true],
    [{ matchExpressions: [{ key: "app", operator: "In", values: ["other"] }] }, false],
    [{ matchExpressions: [{ key: "absent", operator: "In", values: ["x"] }] }, false],
    [{ matchExpressions: [{ key: "app", operator: "NotIn", values: ["other"] }] }, true],
    [{ matchExpressions: [{ key: "app", operator: "NotIn", values: ["envoy"] }] }, false],
    [{ matchExpressions: [{ key: "absent", operator: "NotIn", values: ["x"] }] }, true],
    [{ matchExpressions: [{ key: "app", operator: "Exists" }] }, true],
    [{ matchExpressions: [{ key: "absent", operator: "Exists" }] }, false],
    [{ matchExpressions: [{ key: "absent", operator: "DoesNotExist" }] }, true],
    [{ matchExpressions: [{ key: "app", operator: "DoesNotExist" }] }, false],
    [{ matchExpressions: [{ key: "app", operator: "Like", values: ["envoy"] }] }, false],
    [{ matchLabels: { app: "envoy" }, matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] }, false],
  ])("%j selects app=envoy, tier=proxy: %j", (selector, expected) => expect(selects(selector, labels)).toBe(expected));

  test.each([
    [{ app: "envoy" }, true],
    [{ app: "envoy", absent: "x" }, false],
    [{}, true],
  ])("a Service's %j: %j", (selector, expected) => expect(hasLabels(selector, labels)).toBe(expected));
});

describe("ports", () => {
  test.each<[unknown, Port, boolean]>([
    [undefined, https, true],
    [[], https, true],
    [[{ port: 443, protocol: "TCP" }], https, true],
    [[{ port: 443 }], https, true],
    [[{ protocol: "TCP" }], https, true],
    [[{ port: 443, protocol: "UDP" }], https, false],
    [[{ port: 53, protocol: "UDP" }], dns, true],
    [[{ port: 53 }], dns, false],
    [[{ port: 80 }, { port: 443 }], https, true],
    [[{ port: 400, endPort: 500 }], https, true],
    [[{ port: 400, endPort: 442 }], https, false],
    [[{ port: "https" }], named, true],
    [[{ port: "http" }], named, false],
    [[{ port: "https" }], https, false],
  ])("of a network policy %j take %j: %j", (ports, port, expected) =>
    expect(inPolicyPorts(ports, port)).toBe(expected),
  );

  test.each<[unknown, unknown, unknown, Port, boolean]>([
    ["tcp", 443, 443, https, true],
    ["6", 0, 65535, https, true],
    ["TCP", 400, 442, https, false],
    ["udp", 443, 443, https, false],
    ["udp", 53, 53, dns, true],
    ["-1", undefined, undefined, https, true],
    ["tcp", undefined, undefined, https, false],
  ])("of a security group %j %j–%j take %j: %j", (protocol, from, to, port, expected) => {
    expect(inGroupPorts(protocol, from, to, port)).toBe(expected);
  });

  test.each<[unknown[], boolean]>([
    [["443"], true],
    [["*"], true],
    [["80", "400-500"], true],
    [["400-442"], false],
    [[undefined], false],
    [[], false],
  ])("of an Azure rule %j take 443: %j", (ranges, expected) => expect(inRuleRanges(ranges, https)).toBe(expected));

  test.each<[unknown, Port, boolean]>([
    ["Tcp", https, true],
    ["*", https, true],
    ["all", dns, true],
    ["Udp", https, false],
    ["17", dns, true],
    ["6", dns, false],
    ["Icmp", https, false],
  ])("protocol %j takes %j: %j", (protocol, port, expected) => expect(isProtocol(protocol, port)).toBe(expected));

  test.each<[unknown, boolean]>([
    [[{ protocol: "all" }], true],
    [[{ protocol: "tcp" }], true],
    [[{ protocol: "tcp", ports: ["80", "443"] }], true],
    [[{ protocol: "tcp", ports: ["80-444"] }], true],
    [[{ protocol: "tcp", ports: ["80"] }], false],
    [[{ protocol: "udp" }, { protocol: "icmp" }], false],
    [undefined, false],
  ])("of a GCP rule %j take 443: %j", (entries, expected) => expect(inFirewallPorts(entries, https)).toBe(expected));
});

describe("of ordered rules", () => {
  const rule = (from: string, allows: boolean, sources: string, destinations: string) => ({
    allows,
    from,
    sources: blocks(sources),
    destinations: blocks(destinations),
  });
  const blocks = (text: string): Spans =>
    text === "*" ? everywhere : text === "internet" ? internet : spansOfAll(text.split(" "));
  const nothingElse = rule("rest", false, "*", "*");
  const flow = (sources: string, destinations: string, exact = true) => ({
    sources: blocks(sources),
    destinations: blocks(destinations),
    exact,
  });

  test.each([
    ["nothing else", [], flow("10.0.0.0/24", "192.0.2.1"), "rest"],
    ["the whole", [rule("a", true, "*", "*")], flow("10.0.0.0/24", "192.0.2.1"), undefined],
    [
      "what is denied first",
      [rule("d", false, "*", "192.0.2.1"), rule("a", true, "*", "*")],
      flow("10.0.0.0/24", "192.0.2.1"),
      "d",
    ],
    [
      "what is allowed first",
      [rule("a", true, "*", "*"), rule("d", false, "*", "192.0.2.1")],
      flow("10.0.0.0/24", "192.0.2.1"),
      undefined,
    ],
    [
      "others",
      [rule("d", false, "*", "192.0.2.2"), rule("a", true, "*", "*")],
      flow("10.0.0.0/24", "192.0.2.1"),
      undefined,
    ],
    ["some of the sources", [rule("a", true, "10.0.0.0/25", "*")], flow("10.0.0.0/24", "192.0.2.1"), "rest"],
    [
      "all sources in two rules",
      [rule("a", true, "10.0.0.0/25", "*"), rule("b", true, "10.0.0.128/25", "*")],
      flow("10.0.0.0/24", "192.0.2.1"),
      undefined,
    ],
    ["some of the destinations", [rule("a", true, "*", "192.0.2.1")], flow("10.0.0.1", "192.0.2.1 192.0.2.2"), "rest"],
    [
      "all destinations in two rules",
      [rule("a", true, "*", "192.0.2.1"), rule("b", true, "*", "192.0.2.2")],
      flow("10.0.0.1", "192.0.2.1 192.0.2.2"),
      undefined,
    ],
    [
      "a part denied of addresses that are known",
      [rule("d", false, "*", "192.0.2.0/24"), rule("a", true, "*", "*")],
      flow("10.0.0.1", "internet"),
      "d",
    ],
    [
      "a part denied of some address that nobody knows",
      [rule("d", false, "*", "192.0.2.0/24"), rule("a", true, "*", "*")],
      flow("10.0.0.1", "internet", false),
      undefined,
    ],
    [
      "all of the internet denied",
      [rule("d", false, "*", "internet"), rule("a", true, "*", "*")],
      flow("10.0.0.1", "internet", false),
      "d",
    ],
  ])("that let through %s, what drops it is found", (_, rules, wanted, expected) => {
    expect(droppingRule([...rules, nothingElse], wanted)?.from).toBe(expected);
  });
});

test.each([
  [undefined, false],
  [[], false],
  [[{ key: "a", value: "b", effect: "NO_SCHEDULE" }], true],
  [[{ key: "a", effect: "NoExecute" }], true],
  [[{ key: "a", effect: "PREFER_NO_SCHEDULE" }], false],
  [["sku=gpu:NoSchedule"], true],
  [["sku=gpu:PreferNoSchedule"], false],
])("taints %j keep pods away: %j", (taints, expected) => expect(isTainted(taints)).toBe(expected));

test("a single address is a block of one", () => expect(spansOf("192.0.2.1")).toEqual(spansOf("192.0.2.1/32")));
