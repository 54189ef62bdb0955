import { describe, expect, test } from "vitest";
import { valuesAt, withoutVersion } from "../../policy/demand/index.ts";
import { rules } from "../../policy/packs.ts";
import { pathType } from "../../policy/paths.ts";
import { isResourceRule, type Reading, type Rule } from "../../policy/rule.ts";
import { put } from "../support/demands.ts";
import { ask, type Shown, unknownText } from "../support/policy.ts";
import { stack } from "../support/policy-stack.ts";

/**
 * Rules about the stack say which properties they read. Each of these is taken away and replaced in a shipped resource:
 * the rule notices, and no rule that reads nothing of that type has anything to say.
 */

const stackRules = [...rules.values()].filter((rule): rule is Rule => !isResourceRule(rule));

/** What a property may be without the rule minding, with the reason. */
const harmless: Readonly<Record<string, string>> = {
  "model-retiring retires": "a model without an end does not retire; that it must be said is model-lifecycle's",
  "catalogue-age model": "it reads the catalogue's date, and only asks whether there is a path",
  "waivers workload": "nothing is waived for a workload that is not there",
  "waived workload": "it tells what others waived",
  "agent-federation type": "whose type is not known counts as an agent, and the trust objects are there",
  "primary-capacity nodeConfig.spot": "the shipped pool serves a fallback",
  "primary-capacity role": "the shipped pool serves a fallback, and the others stand on no pool",
  "shared-fate vendor": "the third path has open weights",
  "model-lifecycle modelId": "by the name it only finds an earlier end than the path says",
  "accelerator-budget scalingConfig.maxSize": "the shipped group has no accelerators",
  "primary-capacity capacityType": "the shipped group has no accelerators",
  "default-deny spec.podSelector": "emptied it means every pod, which is right",
  "ai-diagnostics resourceUri": "told by reference, not by value",
  "ai-private-endpoint privateLinkServiceConnections": "told by reference, not by value",
  "serving-availability spec.replicas": "the shipped server has one replica already, which is waived",
  "fallback-receipt spec.rules[].backendRefs[].modelNameOverride": "without receipts it finds the same",
  "bedrock-logging serviceName": "without an endpoint Bedrock is still called, and logged",
  "bedrock-logging loggingConfig.textDataDeliveryEnabled": "left out it is on",
  "two-cloud-minimum workload": "a path without a workload is one of its own",
};

function isShipped({ type }: Reading, shown: readonly Shown[]): boolean {
  return shown.some((one) => withoutVersion(one.type) === type);
}

const before = await (async () => {
  const shown = await stack("state");
  const found = new Map<string, number>();
  for (const rule of stackRules) found.set(rule.name, (await ask(rule, shown)).length);
  return found;
})();

/** Rules that read a type by way of references, as they follow a request or a failure. */
const follows: Readonly<Record<string, readonly string[]>> = {
  reachability: [
    "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    "kubernetes:aigateway.envoyproxy.io/v1beta1:AIGatewayRoute",
  ],
  "backend-tls": ["kubernetes:aigateway.envoyproxy.io/v1beta1:AIGatewayRoute"],
  residency: ["kubernetes:aigateway.envoyproxy.io/v1beta1:AIGatewayRoute"],
};

/** Something else of the same kind, as wrong as it can be. */
function turned(value: unknown): unknown {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return null;
  return Array.isArray(value) ? [] : typeof value === "object" ? {} : "";
}

/** The stack with the property changed in every resource of the type that has it. */
function changed(shown: readonly Shown[], { type, path }: Reading, change: (value: unknown) => unknown): Shown[] {
  return shown.map((one) => {
    if (withoutVersion(one.type) !== type) return one;
    const edited = (props: Record<string, unknown>) => {
      const found = valuesAt(props, path).find(({ value }) => value !== undefined);
      return found === undefined ? props : put(props, path, change(found.value));
    };
    return { ...one, inputs: edited(one.inputs), outputs: edited(one.outputs) };
  });
}

const shipped = await stack("state");
const cases = stackRules.flatMap((rule) =>
  rule.reads
    .filter((read) => isShipped(read, shipped))
    .map((read) => ({ rule, read, name: `${rule.name} ${read.path}` })),
);

describe.each(cases)("$name", ({ rule, read, name }) => {
  test.each([
    ["taken away", () => undefined],
    ["turned or emptied", turned],
    ["unknown", () => unknownText],
  ] as const)("%s, it is noticed", async (_, change) => {
    const shown = changed(shipped, read, change);
    const count = (await ask(rule, shown)).length;
    if (!(name in harmless)) expect(count).toBeGreaterThan(before.get(rule.name) ?? 0);
    // What a path says of itself, all rules about paths may read.
    if (read.type === pathType) return;
    const strangers: string[] = [];
    for (const other of stackRules.filter(
      ({ name: one }) => one !== rule.name && !(follows[one] ?? []).includes(read.type),
    )) {
      const isReader = other.reads.some(({ type }) => type === read.type);
      if (!isReader && (await ask(other, shown)).length > (before.get(other.name) ?? 0)) strangers.push(other.name);
    }
    expect(strangers).toEqual([]);
  });
});

test("what is harmless is still read", () => {
  const names = cases.map(({ name }) => name);
  expect(Object.keys(harmless).filter((name) => !names.includes(name))).toEqual([]);
});
