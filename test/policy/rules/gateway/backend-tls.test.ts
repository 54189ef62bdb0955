import { describe, expect, test } from "vitest";
import { backendTls } from "../../../../policy/rules/gateway/backend-tls.ts";
import { ask, type Shown } from "../../../support/policy.ts";
import { find, set, stack, unknownAt, views, without } from "../../../support/policy-stack.ts";

const backend = { name: "azure-main-support-chat-support-chat-aws-main-backend" };
const tls = { name: "azure-main-support-chat-support-chat-aws-main-tls" };
const service = { name: "azure-main-support-chat-support-chat-aws-main-service" };
const route = { name: "azure-main-support-chat-route" };
const address = { ip: { address: "203.0.113.9", port: 443 } };

describe.each(views)("backend-tls on a %s", (view) => {
  test("the project's own backends comply", async () => {
    expect(await ask(backendTls, await stack(view))).toEqual([]);
  });

  test.each([
    [
      "a backend by IP",
      (shown: Shown[]) => set(shown, backend, ["spec", "endpoints"], [address]),
      "exactly one, by DNS name",
    ],
    [
      "a backend with an IP in place of a name",
      (shown: Shown[]) => set(shown, backend, ["spec", "endpoints", 0, "fqdn", "hostname"], "203.0.113.9"),
      "exactly one, by DNS name",
    ],
    [
      "a backend by socket",
      (shown: Shown[]) => set(shown, backend, ["spec", "endpoints"], [{ unix: { path: "/run/x" } }]),
      "exactly one, by DNS name",
    ],
    [
      "a name beside an IP",
      (shown: Shown[]) =>
        set(shown, backend, ["spec", "endpoints"], [{ fqdn: { hostname: "a.example", port: 443 } }, address]),
      "exactly one, by DNS name",
    ],
    [
      "a backend without endpoints",
      (shown: Shown[]) => set(shown, backend, ["spec", "endpoints"], undefined),
      "exactly one, by DNS name",
    ],
    [
      "endpoints that are not known",
      (shown: Shown[]) => unknownAt(shown, backend, ["spec", "endpoints"]),
      "not known before it is made",
    ],
    [
      "a host that is not known",
      (shown: Shown[]) => unknownAt(shown, backend, ["spec", "endpoints", 0, "fqdn", "hostname"]),
      "exactly one, by DNS name",
    ],
    [
      "an unchecked certificate",
      (shown: Shown[]) => set(shown, backend, ["spec", "tls"], { insecureSkipVerify: true }),
      "switches off the check",
    ],
    ["no TLS policy", (shown: Shown[]) => without(shown, tls), "would travel in plaintext"],
    [
      "a TLS policy in another namespace",
      (shown: Shown[]) => set(shown, tls, ["metadata", "namespace"], "elsewhere"),
      "would travel in plaintext",
    ],
    [
      "a TLS policy for something else",
      (shown: Shown[]) => set(shown, tls, ["spec", "targetRefs", 0, "kind"], "Service"),
      "would travel in plaintext",
    ],
    [
      "unknown targets of a TLS policy",
      (shown: Shown[]) => unknownAt(shown, tls, ["spec", "targetRefs"]),
      "would travel in plaintext",
    ],
    [
      "a check of another name",
      (shown: Shown[]) => set(shown, tls, ["spec", "validation", "hostname"], "example.com"),
      'checks the name "example.com"',
    ],
    [
      "a check of a name that is not known",
      (shown: Shown[]) => unknownAt(shown, tls, ["spec", "validation", "hostname"]),
      "checks the name not known",
    ],
    [
      "no authority",
      (shown: Shown[]) => set(shown, tls, ["spec", "validation", "wellKnownCACertificates"], undefined),
      "names no authority",
    ],
  ])("%s is refused", async (_, broken, message) => {
    const messages = await ask(backendTls, broken(await stack(view)));
    expect(messages).toEqual([expect.stringContaining(message)]);
  });

  test("a list that leads to something else than a Backend is refused", async () => {
    expect(await ask(backendTls, without(await stack(view), service))).toEqual([
      expect.stringContaining("has no such AIServiceBackend"),
    ]);
    const elsewhere = set(await stack(view), service, ["spec", "backendRef", "kind"], "Service");
    expect(await ask(backendTls, elsewhere)).toEqual([expect.stringContaining("leads to no Backend")]);
    const pool = set(await stack(view), route, ["spec", "rules", 0, "backendRefs", 1, "kind"], "InferencePool");
    expect((await ask(backendTls, pool))[0]).toContain("cannot take part in failover");
    expect(await ask(backendTls, unknownAt(await stack(view), route, ["spec", "rules"]))).toEqual([
      expect.stringContaining("are not known"),
    ]);
  });

  test("two paths by one model name, or one path twice, are refused", async () => {
    const shown = await stack(view);
    const model = ["spec", "rules", 0, "backendRefs", 1, "modelNameOverride"];
    const first = (
      find(shown, route).inputs as { spec: { rules: { backendRefs: { modelNameOverride: string; name: string }[] }[] } }
    ).spec.rules[0]?.backendRefs[0];
    expect((await ask(backendTls, set(shown, route, model, first?.modelNameOverride)))[0]).toContain(
      "metrics tell paths apart",
    );
    expect((await ask(backendTls, set(shown, route, model, undefined)))[0]).toContain("no model name of its own");
    expect((await ask(backendTls, unknownAt(shown, route, model)))[0]).toContain("no model name of its own");
    const twice = set(shown, route, ["spec", "rules", 0, "backendRefs", 1, "name"], first?.name);
    expect((await ask(backendTls, twice))[0]).toContain("twice in one rule");
    const label = ["metadata", "labels", "twocloud/path"];
    const same = set(set(shown, backend, label, "support-chat-azure-main"), service, label, "support-chat-azure-main");
    expect(await ask(backendTls, same)).toEqual([expect.stringContaining("reaches support-chat/azure-main by")]);
  });
});
