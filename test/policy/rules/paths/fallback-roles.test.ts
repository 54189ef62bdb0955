import { describe, expect, test } from "vitest";
import { fallbackRoles } from "../../../../policy/rules/paths/fallback-roles.ts";
import { ask } from "../../../support/policy.ts";
import { set, stack, unknownAt, views, without } from "../../../support/policy-stack.ts";

const path = (cloud: string, workload = "support-chat") => ({
  name: `${workload}-${cloud}-main`,
  type: ":InferencePath",
});

describe.each(views)("fallback-roles on a %s", (view) => {
  test("the project's own workloads comply", async () => {
    expect(await ask(fallbackRoles, await stack(view))).toEqual([]);
  });

  test("two primaries are refused", async () => {
    const messages = await ask(fallbackRoles, set(await stack(view), path("aws"), ["role"], "primary"));
    expect(messages).toEqual([
      expect.stringContaining("support-chat has 2 primary paths (support-chat/aws-main, support-chat/azure-main)"),
    ]);
  });

  test("no primary is refused, for a workload that is not critical too", async () => {
    const messages = await ask(fallbackRoles, without(await stack(view), path("gcp", "invoice-extraction")));
    expect(messages).toEqual([expect.stringContaining("invoice-extraction has 0 primary paths (none)")]);
  });

  test("only a critical workload must have a fallback", async () => {
    expect(await ask(fallbackRoles, without(await stack(view), path("azure", "invoice-extraction")))).toEqual([]);
    const messages = await ask(fallbackRoles, without(await stack(view), path("aws"), path("gcp")));
    expect(messages).toEqual([expect.stringContaining("support-chat is critical and has no fallback")]);
  });

  test("a role that is absent, unknown or another word is refused", async () => {
    const shown = await stack(view);
    expect(await ask(fallbackRoles, set(shown, path("aws"), ["role"], undefined))).toEqual([
      expect.stringContaining("has the role of nothing that is known"),
    ]);
    expect(await ask(fallbackRoles, unknownAt(shown, path("aws"), ["role"]))).toEqual([
      expect.stringContaining("has the role of nothing that is known"),
    ]);
    expect(await ask(fallbackRoles, set(shown, path("aws"), ["role"], "spare"))).toEqual([
      expect.stringContaining('has the role "spare"'),
    ]);
  });

  test("a stack without paths has nothing to say", async () => {
    expect(await ask(fallbackRoles, [])).toEqual([]);
  });
});
