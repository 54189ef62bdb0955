import { describe, expect, test } from "vitest";
import { governance } from "../../../../policy/rules/workload/governance.ts";
import { ask } from "../../../support/policy.ts";
import { set, stack, unknownAt, views } from "../../../support/policy-stack.ts";

const path = { name: "support-chat-aws-main", type: ":InferencePath" };
const id = "support-chat/aws-main";
const uncontrolled = (value: string) =>
  `${id} cannot be overruled by a person (override is ${value}). Fix: set human.override to true and build the switch.`;

describe.each(views)("governance on a %s", (view) => {
  test("the project's own paths say all of it", async () => {
    expect(await ask(governance, await stack(view))).toEqual([]);
  });

  test.each([
    ["owner", "human.owner"],
    ["domain", "domain"],
    ["contract", "contract of the path"],
    ["decision", "decision"],
  ])("a path has to say its %s", async (key, where) => {
    const shown = await stack(view);
    const fix = `Fix: write ${where} in stacks/workloads.yaml.`;
    expect(await ask(governance, set(shown, path, [key], undefined))).toEqual([`${id} has no ${key}. ${fix}`]);
    expect(await ask(governance, set(shown, path, [key], ""))).toEqual([`${id} has no ${key}. ${fix}`]);
    expect(await ask(governance, set(shown, path, [key], null))).toEqual([`${id} has no ${key}. ${fix}`]);
    expect(await ask(governance, unknownAt(shown, path, [key]))).toEqual([`${id} has an unknown ${key}. ${fix}`]);
  });

  test("a person can overrule it: said, true and known", async () => {
    const shown = await stack(view);
    expect(await ask(governance, set(shown, path, ["override"], false))).toEqual([uncontrolled("false")]);
    expect(await ask(governance, set(shown, path, ["override"], undefined))).toEqual([uncontrolled("absent")]);
    expect(await ask(governance, unknownAt(shown, path, ["override"]))).toEqual([uncontrolled("not known")]);
    expect(await ask(governance, set(shown, path, ["override"], "true"))).toEqual([uncontrolled("true")]);
  });

  test("each path answers for itself", async () => {
    const shown = await stack(view);
    const paths = shown.filter(({ type }) => type.endsWith(":InferencePath"));
    const ownerless = shown.map((one) =>
      paths.includes(one) ? { ...one, outputs: { ...one.outputs, owner: "" } } : one,
    );
    const messages = await ask(governance, ownerless);
    expect(messages).toEqual(
      paths
        .map(({ outputs }) => `${outputs.pathId} has no owner. Fix: write human.owner in stacks/workloads.yaml.`)
        .sort(),
    );
    expect(paths).toHaveLength(5);
    expect(await ask(governance, [])).toEqual([]);
  });
});
