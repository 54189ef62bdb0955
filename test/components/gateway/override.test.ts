import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  changeOf,
  longestOverrideDays,
  type Override,
  overriddenWorkload,
  overrideOf,
  overrideProblems,
} from "../../../components/gateway/override.ts";
import type { KubernetesObject } from "../../../components/gateway/render/object.ts";
import {
  degradedObjects,
  deployedProblems,
  pinObjects,
  standingBy,
} from "../../../components/gateway/render/override.ts";
import { renderRoute } from "../../../components/gateway/render/route.ts";
import type { Cloud } from "../../../components/plan/types.ts";
import { activeOverrides } from "../../../operations/drill/objects.ts";
import { routesOf } from "../../../operations/drill/routes.ts";
import { crdProblems } from "../../support/crd.ts";
import { routeArgs } from "../../support/gateway.ts";

/** What an override is made of, out of the deployed route's objects. */

const clouds: readonly Cloud[] = ["azure", "aws", "gcp"];
const pin: Override = {
  workload: "support-chat",
  path: "aws-main",
  by: "anna",
  reason: "wrong answers",
  since: "2026-11-27T08:00:00Z",
  until: "2026-11-27T12:00:00Z",
};
const degraded: Override = { ...pin, path: null };
const deployed = (cloud: Cloud = "azure") => renderRoute(routeArgs(cloud));
const pinned = (cloud: Cloud = "azure", inForce: Override | null = pin) =>
  pinObjects({ objects: deployed(cloud), override: pin, inForce, change: "1" });
const answered = (mode = "queue to agents") =>
  degradedObjects({ objects: deployed(), override: degraded, mode, change: "1" });

interface Rule {
  readonly matches: readonly {
    readonly path?: unknown;
    readonly headers: readonly { readonly type: string; readonly name: string; readonly value: string }[];
  }[];
  readonly backendRefs: readonly { readonly name: string; readonly modelNameOverride: string }[];
  readonly timeouts: unknown;
}

function of(objects: readonly KubernetesObject[], kind: string): KubernetesObject {
  const found = objects.filter((object) => object.kind === kind);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} objects of kind ${kind}`);
  return only;
}
const rulesOf = (object: KubernetesObject) => object.spec.rules as readonly Rule[];
const taking = (object: KubernetesObject) =>
  rulesOf(object).filter(({ matches }) => matches[0]?.headers[1]?.value === "/.*");

describe("a pin", () => {
  test("sends the workload's requests to one path, under the model name that it is deployed with", () => {
    const [rule, ...others] = taking(of(pinned(), "AIGatewayRoute"));
    expect(others).toEqual([]);
    expect(rule).toEqual({
      matches: [
        {
          headers: [
            { type: "RegularExpression", name: "x-ai-eg-model", value: "support-chat" },
            { type: "RegularExpression", name: "x-ai-eg-original-path", value: "/.*" },
          ],
        },
      ],
      backendRefs: [{ name: "support-chat-aws-main", modelNameOverride: "aws-model", priority: 0, weight: 1 }],
      timeouts: { request: "300s" },
    });
  });

  test.each(clouds)("has a rule for each path of the gateway in %s, in the deployed order", (cloud) => {
    const [main] = rulesOf(of(deployed(cloud), "AIGatewayRoute"));
    const rules = rulesOf(of(pinned(cloud), "AIGatewayRoute"));
    expect(rules.flatMap(({ backendRefs }) => backendRefs.map(({ name }) => name))).toEqual(
      main?.backendRefs.map(({ name }) => name),
    );
  });

  test("stands by while nothing is in force, and when it is made of itself", () => {
    const prepared = of(pinned("azure", null), "AIGatewayRoute");
    expect(taking(prepared)).toEqual([]);
    expect(overrideOf(prepared)).toBeUndefined();
    const ended = standingBy(of(pinned(), "AIGatewayRoute"), "1");
    expect(ended).toEqual(prepared);
  });

  test("tries as often as is deployed for one path, and never leaves it alone", () => {
    const { spec } = of(pinned(), "BackendTrafficPolicy");
    const before = of(deployed(), "BackendTrafficPolicy").spec;
    expect(spec.targetRefs).toEqual([
      { group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "support-chat--override" },
    ]);
    expect(spec.retry).toEqual({ ...(before.retry as object), numRetries: 1 });
    expect(spec.healthCheck).toBeUndefined();
  });

  test("is listed to callers as no model of its own", () => {
    const exact = rulesOf(of(pinned(), "AIGatewayRoute")).flatMap(({ matches }) =>
      matches.flatMap(({ headers }) =>
        headers.filter(({ type, name }) => name === "x-ai-eg-model" && type === "Exact"),
      ),
    );
    expect(exact).toEqual([]);
  });
});

describe("the degraded mode", () => {
  test("answers as an OpenAI API does, and tells the official client not to ask again", () => {
    const { directResponse } = of(answered(), "HTTPRouteFilter").spec as {
      directResponse: { body: { inline: string } };
    };
    expect(directResponse).toMatchObject({
      statusCode: 503,
      contentType: "application/json",
      header: {
        set: [
          { name: "retry-after", value: "60" },
          { name: "x-should-retry", value: "false" },
        ],
      },
    });
    expect(JSON.parse(directResponse.body.inline)).toEqual({
      error: {
        message: "support-chat is in its degraded mode: queue to agents",
        type: "server_error",
        param: null,
        code: "degraded_mode",
      },
    });
  });

  test("has no percent sign that Envoy could take for the beginning of a format", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("%", "R", "E", "Q", '"', " ") }), (mode) => {
        const { directResponse } = of(answered(mode), "HTTPRouteFilter").spec as {
          directResponse: { body: { inline: string } };
        };
        const { inline } = directResponse.body;
        expect(inline.replaceAll("%%", "")).not.toContain("%");
        const { error } = JSON.parse(inline.replaceAll("%%", "%")) as { error: { message: string } };
        expect(error.message).toBe(`support-chat is in its degraded mode: ${mode}`);
      }),
    );
  });

  test("is answered by the filter of its name, on every path", () => {
    const [rule] = rulesOf(of(answered(), "HTTPRoute")) as readonly (Rule & { filters: unknown })[];
    expect(rule?.matches[0]?.path).toEqual({ type: "PathPrefix", value: "/" });
    expect(rule?.filters).toEqual([
      {
        type: "ExtensionRef",
        extensionRef: { group: "gateway.envoyproxy.io", kind: "HTTPRouteFilter", name: "support-chat--degraded" },
      },
    ]);
  });
});

describe("either", () => {
  const headerMatches = (object: KubernetesObject) =>
    rulesOf(object).flatMap(({ matches }) => matches.map(({ headers }) => headers.length));

  test.each(clouds)("matches more headers than any rule deployed in %s, and so goes before it", (cloud) => {
    const most = Math.max(...headerMatches(of(deployed(cloud), "AIGatewayRoute")));
    for (const object of [of(pinned(cloud), "AIGatewayRoute"), of(answered(), "HTTPRoute")])
      expect(Math.min(...headerMatches(object))).toBeGreaterThan(most);
  });

  test("is valid by its own definition", () => {
    const defined = [...pinned(), ...answered()].filter(({ kind }) => kind !== "HTTPRouteFilter");
    expect(defined).toHaveLength(3);
    expect(defined.flatMap(crdProblems)).toEqual([]);
  });

  test("is no part of what serves the workload: no receipt is of it", () => {
    for (const object of [...pinned(), ...answered()]) {
      expect(object.metadata.labels).toEqual({
        "app.kubernetes.io/part-of": "twocloud",
        "twocloud/override": "support-chat",
      });
      expect(overriddenWorkload(object)).toBe("support-chat");
    }
  });

  test("takes no name that an object of another workload can have", () => {
    const names = [...pinned(), ...answered()].map(({ metadata }) => metadata.name);
    expect(names.filter((name) => !name.startsWith("support-chat--"))).toEqual([]);
  });

  test("says who, why and until when, in any words", () => {
    const word = fc.string({ unit: "grapheme", minLength: 1 });
    fc.assert(
      fc.property(word, word, fc.boolean(), (by, reason, pins) => {
        const override = { ...(pins ? pin : degraded), by, reason };
        const objects = pins
          ? pinObjects({ objects: deployed(), override, inForce: override, change: "1" })
          : degradedObjects({ objects: deployed(), override, mode: "queue", change: "1" });
        expect(activeOverrides(objects)).toEqual([override]);
      }),
    );
  });

  test("is found once, though a controller makes another object with a pin's labels", () => {
    const objects = pinned();
    const route = of(objects, "AIGatewayRoute");
    const made = { ...route, apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute" };
    expect(activeOverrides([...deployed(), ...objects, made])).toEqual([pin]);
    expect(changeOf(made)).toBe("1");
  });

  test("is no route that a drill takes for the workload's", () => {
    const routes = (objects: KubernetesObject[]) => routesOf(objects).map(({ workload }) => workload);
    expect(routes([...deployed(), ...pinned(), ...answered()])).toEqual(routes(deployed()));
  });
});

describe("what is wrong is told, all of it", () => {
  test("of the override itself", () => {
    expect(overrideProblems(pin)).toEqual([]);
    expect(overrideProblems({ ...pin, by: " ", reason: "", until: pin.since })).toEqual([
      expect.stringMatching(/^by: nobody is named/),
      expect.stringMatching(/^reason: it is empty/),
      expect.stringMatching(/^until 2026-11-27T08:00:00Z: it is no time after/),
    ]);
  });

  test.each([
    ["2026-12-04T08:00:00Z", 0],
    ["2026-12-04T08:00:01Z", 1],
    ["next week", 1],
  ])(`until %s has %i problems: it ends within ${longestOverrideDays} days`, (until, count) => {
    expect(overrideProblems({ ...pin, until })).toHaveLength(count);
  });

  test("of what is not deployed", () => {
    const objects = deployed().filter(({ kind }) => kind !== "BackendTrafficPolicy");
    expect(deployedProblems(objects, { ...pin, path: "gcp-other" })).toEqual([
      'no path of "support-chat" in "gcp-other" is deployed; deployed are "azure-main", "aws-main", "gcp-main"',
      'the deployed route of "support-chat" has no traffic policy, so nothing would be tried twice',
    ]);
    expect(deployedProblems(objects, { ...degraded, workload: "chat" })).toEqual([
      'no route of "chat" is deployed; deployed are "support-chat"',
    ]);
    expect(deployedProblems(objects, degraded)).toEqual([]);
    expect(deployedProblems([], pin)).toEqual(['no route of "support-chat" is deployed; deployed are none']);
  });

  test("and nothing is rendered then", () => {
    const override = { ...pin, path: "gcp-other" };
    expect(() => pinObjects({ objects: deployed(), override, inForce: null, change: "1" })).toThrow(/"gcp-other"/);
    expect(() => degradedObjects({ objects: [], override: degraded, mode: "queue", change: "1" })).toThrow(
      /no route of "support-chat"/,
    );
  });

  test("an override's own route is nothing to render from", () => {
    const objects = pinned().map((object) => ({ ...object, metadata: { ...object.metadata, name: "support-chat" } }));
    expect(deployedProblems(objects, pin)).toEqual(['no route of "support-chat" is deployed; deployed are none']);
  });
});
