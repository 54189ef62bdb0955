import { describe, expect, test } from "vitest";
import type { KubernetesObject } from "../../../components/gateway/render/object.ts";
import { type StandIns, swapped } from "../../../operations/drill/swap.ts";
import { objectsIn } from "./fixtures.ts";

/** Hosts, authorities, secrets, the callers' keys and the listener are this machine's; nothing else changes. */

const objects = objectsIn("aws-main");
const backends = objects.filter(({ kind }) => kind === "Backend").map(({ metadata }) => metadata.name);
const by: StandIns = {
  ports: Object.fromEntries(backends.map((name, index) => [name, 5000 + index])),
  unresolved: new Set(["support-chat-azure-main"]),
  listener: 4443,
  tokens: { "models-token-azure-main": "abc" },
  authority: "AUTHORITY",
  certificate: { cert: "CERT", key: "KEY" },
  keySet: '{"keys":[]}',
};
const after = swapped(objects, by) as (KubernetesObject & { data?: Record<string, string> })[];
const pairs = objects.map((before, index) => ({ kind: before.kind, before, now: after[index] as KubernetesObject }));

test("there are the same objects in the same order, and then the Secrets", () => {
  expect(after.slice(0, objects.length).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(
    objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
  );
  expect(after.slice(objects.length).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    "Secret internal-ca",
    "Secret gateway-certificate",
    "Secret models-token-azure-main",
  ]);
});

/** Where a value differs, as paths; a part that only one side has is named by its first step. */
function differences(left: unknown, right: unknown, path = ""): string[] {
  if (JSON.stringify(left) === JSON.stringify(right)) return [];
  const isBranch = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === "object";
  if (!isBranch(left) || !isBranch(right)) return [path];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) =>
    key in left && key in right ? differences(left[key], right[key], `${path}.${key}`) : [`${path}.${key}`],
  );
}

const allowed: Readonly<Record<string, readonly RegExp[]>> = {
  Backend: [/^\.spec\.endpoints\.0\.fqdn\.(hostname|port)$/],
  BackendTLSPolicy: [/^\.spec\.validation\.(hostname|wellKnownCACertificates|caCertificateRefs)$/],
  Gateway: [
    /^\.metadata\.annotations\.aigateway\.envoyproxy\.io\/gateway-config$/,
    /^\.spec\.infrastructure$/,
    /^\.spec\.listeners\.(0\.port|1)$/,
  ],
  SecurityPolicy: [/^\.spec\.jwt\.providers\.\d+\.(remoteJWKS|localJWKS)$/],
};

test.each(pairs)("$kind $before.metadata.name: only what is this machine's", ({ kind, before, now }) => {
  const found = differences(before, now);
  expect(found.filter((path) => !(allowed[kind] ?? []).some((pattern) => pattern.test(path)))).toEqual([]);
  expect(found.length > 0).toBe(kind in allowed);
});

describe("what is put in", () => {
  const spec = (kind: string, name: string): KubernetesObject["spec"] => {
    const found = after.find((object) => object.kind === kind && object.metadata.name === name);
    if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
    return found.spec;
  };

  test("a backend is found on the loopback address, unless its name must not resolve", () => {
    expect(spec("Backend", "support-chat-aws-main")).toEqual({
      endpoints: [{ fqdn: { hostname: "support-chat-aws-main.localhost", port: by.ports["support-chat-aws-main"] } }],
    });
    expect(spec("Backend", "support-chat-azure-main")).toMatchObject({
      endpoints: [{ fqdn: { hostname: "support-chat-azure-main.invalid" } }],
    });
  });

  test("its certificate is checked by name, against the drill's authority alone", () => {
    expect(spec("BackendTLSPolicy", "support-chat-aws-main").validation).toEqual({
      hostname: "support-chat-aws-main.localhost",
      caCertificateRefs: [{ group: "", kind: "Secret", name: "internal-ca" }],
    });
  });

  test("callers' tokens are checked by a key set that is there", () => {
    const { providers } = spec("SecurityPolicy", "twocloud").jwt as { providers: object[] };
    expect(providers).toEqual([
      {
        name: "workforce",
        issuer: "https://login.example.com",
        audiences: ["ai-prod"],
        localJWKS: { type: "Inline", inline: by.keySet },
      },
    ]);
  });

  test("the listener is the one with the gateway's own name", () => {
    expect(spec("Gateway", "twocloud").listeners).toMatchObject([{ name: "https", port: 4443 }]);
  });

  test("how proxies are deployed is left out", () => {
    const gateway = after.find(({ kind }) => kind === "Gateway");
    expect(gateway?.metadata.annotations).toEqual({});
    expect(gateway?.spec).not.toHaveProperty("infrastructure");
  });

  test("Secrets hold the authority, the certificate and the tokens", () => {
    const data = after
      .slice(objects.length)
      .map(({ data: encoded = {} }) =>
        Object.fromEntries(Object.entries(encoded).map(([key, text]) => [key, Buffer.from(text, "base64").toString()])),
      );
    expect(data).toEqual([{ "ca.crt": "AUTHORITY" }, { "tls.crt": "CERT", "tls.key": "KEY" }, { apiKey: "abc" }]);
  });
});

test("a backend for which no server stands in is an error", () => {
  expect(() => swapped(objects, { ...by, ports: {} })).toThrow("no server stands in for support-chat-aws-main");
});
