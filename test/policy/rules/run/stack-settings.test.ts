import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { judging } from "../../../../policy/rule.ts";
import { stackSettings } from "../../../../policy/rules/run/stack-settings.ts";
import { settingsFindings } from "../../../../policy/settings.ts";
import { ask, type Shown } from "../../../support/policy.ts";
import { set, stack, unknownAt, views, without } from "../../../support/policy-stack.ts";

const stacks = join(import.meta.dirname, "../../../../stacks");
const file = "stacks/Pulumi.prod.yaml";
const production = readFileSync(join(stacks, "Pulumi.prod.yaml"), "utf8");

/** The same resources in another stack. */
const inStack = (shown: readonly Shown[], name: string): Shown[] =>
  JSON.parse(JSON.stringify(shown).replaceAll("urn:pulumi:test::", `urn:pulumi:${name}::`)) as Shown[];

/** What is found in a text, with these resources. */
const askOf = (text: string, shown: readonly Shown[] = []) =>
  ask({ ...stackSettings, validateStack: judging((graph) => settingsFindings(graph, file, text)) }, shown);

const secret = (key: string) =>
  `${file} holds what looks like a secret in clear: ${key}. Fix: take it out, renew it, and set it with pulumi config set --secret.`;
const shared = (cloud: string) =>
  `${file} encrypts its secrets with a key in ${cloud}, the cloud that every path of support-chat is in. Fix: pulumi stack change-secrets-provider to a key elsewhere.`;

const path = (cloud: string) => ({ name: `support-chat-${cloud}-main`, type: ":InferencePath" });
const providers = {
  azure: "azurekeyvault://v/keys/k",
  aws: "awskms:///k?region=eu-west-1",
  gcp: "gcpkms://projects/p",
};

describe.each(views)("stack-settings on a %s", (view) => {
  test.each(["prod", "staging", "dev"])("the project's own settings of %s comply", async (name) => {
    expect(await ask(stackSettings, inStack(await stack(view), name))).toEqual([]);
  });

  test("a stack without a file has nothing to say, nor has one without resources", async () => {
    expect(await ask(stackSettings, await stack(view))).toEqual([]);
    expect(await ask(stackSettings, [])).toEqual([]);
  });

  test.each(["azure", "aws", "gcp"] as const)("a key in %s serves paths in three clouds", async (cloud) => {
    expect(await askOf(`secretsprovider: ${providers[cloud]}\n${production}`, await stack(view))).toEqual([]);
  });

  test.each(["azure", "aws", "gcp"] as const)("a key in %s is refused when every path is there", async (cloud) => {
    const others = ["azure", "aws", "gcp"].filter((one) => one !== cloud).map(path);
    const shown = without(await stack(view), ...others);
    expect(await askOf(`secretsprovider: ${providers[cloud]}`, shown)).toEqual([shared(cloud)]);
    expect(await askOf("", shown)).toEqual([]);
    expect(await askOf("secretsprovider: passphrase", shown)).toEqual([]);
    const elsewhere = cloud === "azure" ? providers.aws : providers.azure;
    expect(await askOf(`secretsprovider: ${elsewhere}`, shown)).toEqual([]);
  });

  test("a workload that is not critical may share its key; one that does not say so may not", async () => {
    const alone = without(await stack(view), path("aws"), path("gcp"));
    const text = `secretsprovider: ${providers.azure}`;
    expect(await askOf(text, set(alone, path("azure"), ["tier"], "standard"))).toEqual([]);
    expect(await askOf(text, unknownAt(alone, path("azure"), ["tier"]))).toEqual([shared("azure")]);
    expect(await askOf(text, set(alone, path("azure"), ["tier"], undefined))).toEqual([shared("azure")]);
  });
});

describe("a secret in clear", () => {
  test("what production says holds none", async () => {
    expect(await askOf(production)).toEqual([]);
  });

  test.each([
    ["twocloud:apiKey", "abc"],
    ["twocloud:adminPassword", "abc"],
    ["twocloud:token", "abc"],
    ["aws:secretKey", "abc"],
    ["aws:accessKey", "abc"],
    ["azure-native:clientSecret", "abc"],
    ["gcp:credentials", "abc"],
    ["twocloud:harmless", "AKIAIOSFODNN7EXAMPLE"],
    ["twocloud:harmless", "sk-abcdefghijklmnopqrstuvwxyz"],
  ])("%s: %s is refused", async (key, value) => {
    expect(await askOf(`config:\n  ${key}: ${value}\n`)).toEqual([secret(key)]);
    expect(await askOf(`config:\n  twocloud:list:\n    - deep:\n        ${key}: ${value}\n`)).toEqual([secret(key)]);
  });

  test.each([
    ["encrypted", "config:\n  twocloud:apiKey:\n    secure: AAABAKm0\n"],
    ["empty", 'config:\n  twocloud:apiKey: ""\n'],
    ["named like one, but a number", "config:\n  twocloud:tokens: 5\n"],
    ["absent", "config: {}\n"],
    ["nothing at all", ""],
  ])("what is %s is none", async (_, text) => {
    expect(await askOf(text)).toEqual([]);
  });
});
