import { describe, expect, test } from "vitest";
import { defaultDeny } from "../../../../policy/rules/kubernetes/default-deny.ts";
import { ask, type Shown } from "../../../support/policy.ts";
import { like, set, stack, unknownAt, views, without } from "../../../support/policy-stack.ts";

const server = { name: "support-chat-gcp-main-server-replicas" };
const deny = { name: "support-chat-gcp-main-server-deny" };
const allow = { name: "support-chat-gcp-main-server-allow" };

const where = "namespace support-chat-gcp-main of Deployment support-chat-gcp-main/support-chat-gcp-main";
const noDenial = `${where} does not deny traffic by default. Fix: add a NetworkPolicy for it.`;
const noList = `${where} has no list of where its pods may go. Fix: add a NetworkPolicy for it.`;
const opened = (way: string, policy = "deny-all") =>
  `${where} lets all ${way} through by NetworkPolicy support-chat-gcp-main/${policy}. Fix: name its peers or ports.`;
const rules = ["spec", "egress"];

describe.each(views)("default-deny on a %s", (view) => {
  test("the project's own namespaces comply", async () => {
    expect(await ask(defaultDeny, await stack(view))).toEqual([]);
  });

  test.each([
    ["nothing denies", (shown: Shown[]) => without(shown, deny), [noDenial]],
    [
      "the denial is for some pods",
      (shown: Shown[]) => set(shown, deny, ["spec", "podSelector"], { matchLabels: { app: "x" } }),
      [noDenial],
    ],
    [
      "the denial is for nobody that is named",
      (shown: Shown[]) => set(shown, deny, ["spec", "podSelector"], undefined),
      [noDenial],
    ],
    [
      "whom the denial is for is not known",
      (shown: Shown[]) => unknownAt(shown, deny, ["spec", "podSelector"]),
      [noDenial],
    ],
    [
      "only what comes in is denied",
      (shown: Shown[]) => set(shown, deny, ["spec", "policyTypes"], ["Ingress"]),
      [noDenial],
    ],
    [
      "only what goes out is denied",
      (shown: Shown[]) => set(shown, deny, ["spec", "policyTypes"], ["Egress"]),
      [noDenial],
    ],
    [
      "what is denied is not said",
      (shown: Shown[]) => set(shown, deny, ["spec", "policyTypes"], undefined),
      [noDenial],
    ],
    ["what is denied is not known", (shown: Shown[]) => unknownAt(shown, deny, ["spec", "policyTypes"]), [noDenial]],
    [
      "the denial is of another namespace",
      (shown: Shown[]) => set(shown, deny, ["metadata", "namespace"], "elsewhere"),
      [noDenial],
    ],
    [
      "the denial lets everything in",
      (shown: Shown[]) => set(shown, deny, ["spec", "ingress"], [{}]),
      [noDenial, opened("ingress")],
    ],
    ["no list of targets is there", (shown: Shown[]) => without(shown, allow), [noList]],
    ["the list is absent", (shown: Shown[]) => set(shown, allow, rules, undefined), [noList]],
    ["the list is empty", (shown: Shown[]) => set(shown, allow, rules, []), [noList]],
    [
      "the list is not known",
      (shown: Shown[]) => unknownAt(shown, allow, rules),
      [noList, opened("egress", "model-server")],
    ],
    [
      "one rule of the list has neither ports nor targets",
      (shown: Shown[]) => set(shown, allow, [...rules, 1], {}),
      [noList, opened("egress", "model-server")],
    ],
    [
      "one rule of it has an empty list of targets",
      (shown: Shown[]) => set(shown, allow, [...rules, 1], { to: [] }),
      [noList, opened("egress", "model-server")],
    ],
    [
      "one rule of it leads to the whole internet",
      (shown: Shown[]) => set(shown, allow, [...rules, 1], { to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }),
      [noList, opened("egress", "model-server")],
    ],
    [
      "a third policy opens what the others close",
      (shown: Shown[]) => set(like(shown, allow, { name: "open" }), { name: "open" }, rules, [{}]),
      [opened("egress", "model-server")],
    ],
  ])("refused when %s", async (_, broken, messages) => {
    expect(await ask(defaultDeny, broken(await stack(view)))).toEqual(messages);
  });

  test("a list of ports alone is one, as the gateway's is", async () => {
    const ports = set(await stack(view), allow, rules, [{ ports: [{ port: 443, protocol: "TCP" }] }]);
    expect(await ask(defaultDeny, ports)).toEqual([]);
  });

  test("a namespace that is not known is refused in both respects", async () => {
    const messages = await ask(defaultDeny, unknownAt(await stack(view), server, ["metadata", "namespace"]));
    expect(messages).toEqual([
      "namespace that is not known of Deployment ?/support-chat-gcp-main does not deny traffic by default. Fix: add a NetworkPolicy for it.",
      "namespace that is not known of Deployment ?/support-chat-gcp-main has no list of where its pods may go. Fix: add a NetworkPolicy for it.",
    ]);
  });

  test.each(["core/v1:Pod", "batch/v1:Job", "batch/v1:CronJob", "apps/v1:StatefulSet", "apps/v1:DaemonSet"])(
    "a %s runs pods too",
    async (kind) => {
      const added = like(await stack(view), server, { name: "other", type: `kubernetes:${kind}` });
      const elsewhere = set(added, { name: "other" }, ["metadata", "namespace"], "elsewhere");
      expect(await ask(defaultDeny, elsewhere)).toEqual([
        expect.stringContaining("namespace elsewhere of"),
        expect.stringContaining("has no list of where its pods may go"),
      ]);
    },
  );

  test("where nothing runs, nothing has to be denied", async () => {
    expect(await ask(defaultDeny, without(await stack(view), server, deny, allow))).toEqual([]);
    expect(await ask(defaultDeny, [])).toEqual([]);
  });
});
