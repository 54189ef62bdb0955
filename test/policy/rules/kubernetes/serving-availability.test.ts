import { describe, expect, test } from "vitest";
import { servingAvailability } from "../../../../policy/rules/kubernetes/serving-availability.ts";
import { ask, type Shown } from "../../../support/policy.ts";
import { set, stack, unknownAt, views, without } from "../../../support/policy-stack.ts";

const server = { name: "support-chat-gcp-main-server-replicas" };
const budget = { name: "support-chat-gcp-main-server-budget" };
const pod = (...path: (string | number)[]) => ["spec", "template", "spec", ...path];
const container = (...path: (string | number)[]) => pod("containers", 0, ...path);

const title = "Deployment support-chat-gcp-main/support-chat-gcp-main";
const fewer = (count: string) =>
  `${title} has ${count}; allowed: 2 or more. Fix: raise replicas, or waive this with a reason (stacks/waivers.yaml).`;
const notReady = `${title} does not say when it is ready. Fix: add a readinessProbe.`;
const notStarted = `${title} does not say when it has started. Fix: add a startupProbe.`;
const noAccelerator = `${title} asks for no accelerator. Fix: set resources.limits, such as nvidia.com/gpu.`;
const drained = `${title} loses every replica when its machines are drained at once. Fix: add a PodDisruptionBudget for its labels.`;
const ended = (after: string, pause: number) =>
  `${title} is ended after ${after}, its pause for open answers is ${pause} s. Fix: pause in lifecycle.preStop as long as an answer lasts, and set terminationGracePeriodSeconds above that.`;

/** The project's stack with what production waives. */
const twice = async (view: (typeof views)[number]) => set(await stack(view), server, ["spec", "replicas"], 2);

describe.each(views)("serving-availability on a %s", (view) => {
  test("the project's own model server has one replica, and nothing else is wrong with it", async () => {
    expect(await ask(servingAvailability, await stack(view))).toEqual([fewer("1 replica(s)")]);
  });

  test("with two it complies", async () => {
    expect(await ask(servingAvailability, await twice(view))).toEqual([]);
  });

  test.each([
    [
      "nothing says how many",
      (shown: Shown[]) => set(shown, server, ["spec", "replicas"], undefined),
      fewer("one replica(s)"),
    ],
    [
      "how many is not known",
      (shown: Shown[]) => unknownAt(shown, server, ["spec", "replicas"]),
      fewer("a number of replicas that is not known"),
    ],
    [
      "it does not say when it is ready",
      (shown: Shown[]) => set(shown, server, container("readinessProbe"), undefined),
      notReady,
    ],
    [
      "when it is ready is not known",
      (shown: Shown[]) => unknownAt(shown, server, container("readinessProbe")),
      notReady,
    ],
    [
      "it does not say when it has started",
      (shown: Shown[]) => set(shown, server, container("startupProbe"), undefined),
      notStarted,
    ],
    [
      "it asks for no accelerator",
      (shown: Shown[]) => set(shown, server, container("resources", "limits"), undefined),
      noAccelerator,
    ],
    ["it has no budget", (shown: Shown[]) => without(shown, budget), drained],
    [
      "the budget is another server's",
      (shown: Shown[]) => set(shown, budget, ["spec", "selector", "matchLabels", "twocloud/path"], "another"),
      drained,
    ],
    ["whose budget it is is not known", (shown: Shown[]) => unknownAt(shown, budget, ["spec", "selector"]), drained],
    [
      "the budget is of another namespace",
      (shown: Shown[]) => set(shown, budget, ["metadata", "namespace"], "elsewhere"),
      drained,
    ],
    ["the budget lets both go", (shown: Shown[]) => set(shown, budget, ["spec", "maxUnavailable"], 2), drained],
    ["the budget lets all go", (shown: Shown[]) => set(shown, budget, ["spec", "maxUnavailable"], "100%"), drained],
    [
      "the budget keeps none",
      (shown: Shown[]) => set(shown, budget, ["spec"], { selector: { matchLabels: {} }, minAvailable: 0 }),
      drained,
    ],
    [
      "what the budget keeps is not known",
      (shown: Shown[]) => unknownAt(shown, budget, ["spec", "maxUnavailable"]),
      drained,
    ],
    ["it does not pause", (shown: Shown[]) => set(shown, server, container("lifecycle"), undefined), ended("330 s", 0)],
    [
      "it is ended while it pauses",
      (shown: Shown[]) => set(shown, server, pod("terminationGracePeriodSeconds"), 300),
      ended("300 s", 300),
    ],
    [
      "it has the usual time to end",
      (shown: Shown[]) => set(shown, server, pod("terminationGracePeriodSeconds"), undefined),
      ended("30 s", 300),
    ],
    [
      "when it is ended is not known",
      (shown: Shown[]) => unknownAt(shown, server, pod("terminationGracePeriodSeconds")),
      ended("a time that is not known", 300),
    ],
  ])("refused when %s", async (_, broken, message) => {
    expect(await ask(servingAvailability, broken(await twice(view)))).toEqual([message]);
  });

  test("containers that are not known are refused as such", async () => {
    const unclear = unknownAt(await twice(view), server, pod("containers"));
    expect(await ask(servingAvailability, unclear)).toEqual([
      `${title} has containers that are not known before they are made. Fix: list them as plain values.`,
      ended("330 s", 0),
    ]);
  });

  test("a pod below a path serves models, though nobody knows what it is", async () => {
    const messages = await ask(servingAvailability, unknownAt(await twice(view), server, ["spec"]));
    expect(messages).toHaveLength(4);
    expect(messages[0]).toBe(fewer("a number of replicas that is not known"));
  });

  test("what serves no models may have one replica", async () => {
    const shown = set(await stack(view), server, pod("tolerations"), undefined);
    const plain = set(shown, server, container("resources", "limits"), { memory: "1Gi" });
    expect(await ask(servingAvailability, set(plain, server, container("command"), ["node"]))).toEqual([]);
    expect(await ask(servingAvailability, plain)).toEqual([fewer("1 replica(s)"), noAccelerator]);
    expect(await ask(servingAvailability, without(await stack(view), server))).toEqual([]);
  });
});
