import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accessOf, edgeOf, type Router, routeOf, serverHost } from "../../../components/plan/routing.ts";
import type { Path } from "../../../components/plan/types.ts";
import { planned } from "../../support/plans.ts";

const locations = ["azure-main", "aws-main", "gcp-main"] as const;
const routers: Router[] = locations.map((location) => ({ location, host: `gateway.${location}.example.com` }));
const router = (location: string) => routers.find((one) => one.location === location) as Router;
const [chat, invoices] = planned("prod").workloads.map((workload) => workload.paths) as [
  readonly Path[],
  readonly Path[],
];
const order = (paths: readonly Path[], location: string) =>
  routeOf("w", paths, router(location), routers)?.edges.map(({ path }) => path.split("/")[1]);

describe("the order of a route", () => {
  test("is that of the roles at the primary, and own path first at a fallback", () => {
    expect(order(chat, "azure-main")).toEqual(["azure-main", "aws-main", "gcp-main"]);
    expect(order(chat, "aws-main")).toEqual(["aws-main", "azure-main", "gcp-main"]);
    expect(order(chat, "gcp-main")).toEqual(["gcp-main", "azure-main", "aws-main"]);
    expect(order(invoices, "gcp-main")).toEqual(["gcp-main", "azure-main"]);
    expect(order(invoices, "azure-main")).toEqual(["azure-main", "gcp-main"]);
  });

  test("does not depend on where the primary stands in the file", () => {
    expect(order([...chat].reverse(), "azure-main")).toEqual(["azure-main", "gcp-main", "aws-main"]);
    expect(order([...chat].reverse(), "aws-main")).toEqual(["aws-main", "azure-main", "gcp-main"]);
  });

  test("is no order at a gateway without a path of the workload", () => {
    expect(routeOf("w", invoices, router("aws-main"), routers)).toBeUndefined();
  });
});

describe("an edge", () => {
  const [azure, aws, gcp] = chat as [Path, Path, Path];

  test("to a managed path in the same location is its private endpoint", () => {
    expect(edgeOf(azure, router("azure-main"), routers)).toEqual({
      gateway: "azure-main",
      path: azure.id,
      kind: "private-endpoint",
      host: azure.managed?.host,
      port: 443,
    });
  });

  test("to a managed path elsewhere is the public endpoint", () => {
    expect(edgeOf(aws, router("azure-main"), routers)).toEqual({
      gateway: "azure-main",
      path: aws.id,
      kind: "public-endpoint",
      host: "bedrock-runtime.eu-west-1.amazonaws.com",
      port: 443,
    });
  });

  test("to a model server in the same location stays inside the cluster", () => {
    expect(edgeOf(gcp, router("gcp-main"), routers)).toEqual({
      gateway: "gcp-main",
      path: gcp.id,
      kind: "in-cluster",
      host: "support-chat-gcp-main.support-chat-gcp-main.svc.cluster.local",
      port: 8000,
    });
    expect(serverHost(gcp)).toBe(edgeOf(gcp, router("gcp-main"), routers)?.host);
  });

  test("to a model server elsewhere leads through the gateway there", () => {
    expect(edgeOf(gcp, router("aws-main"), routers)).toEqual({
      gateway: "aws-main",
      path: gcp.id,
      kind: "gateway-hop",
      host: "gateway.gcp-main.example.com",
      port: 443,
    });
  });

  test("to a model server elsewhere without a gateway there is none, and the route goes without it", () => {
    const others = routers.filter(({ location }) => location !== "gcp-main");
    expect(edgeOf(gcp, router("aws-main"), others)).toBeUndefined();
    expect(routeOf("w", chat, router("aws-main"), others)?.edges.map(({ path }) => path)).toEqual([aws.id, azure.id]);
  });
});

/** Workloads of one to three paths in different locations, each managed or self-hosted. */
const workloads = fc
  .tuple(fc.shuffledSubarray([...locations], { minLength: 1 }), fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }))
  .map(([places, hosted]) =>
    places.map((location, index): Path => {
      const like = (hosted[index] ? chat[2] : chat[0]) as Path;
      return {
        ...like,
        id: `w/${location}`,
        name: `w-${location}`,
        location,
        role: index === 0 ? "primary" : "fallback",
      };
    }),
  );

describe("every route", () => {
  test("names each path once, its own first, and hops to no gateway but another's own", () => {
    fc.assert(
      fc.property(workloads, fc.constantFrom(...locations), (paths, location) => {
        const route = routeOf("w", paths, router(location), routers);
        if (!paths.some((path) => path.location === location)) return route === undefined;
        const edges = route?.edges ?? [];
        expect(edges.map(({ path }) => path).sort()).toEqual(paths.map(({ id }) => id).sort());
        expect(edges[0]?.path).toBe(`w/${location}`);
        for (const edge of edges) {
          const path = paths.find(({ id }) => id === edge.path);
          expect(edge.gateway).toBe(location);
          expect(edge.host === router(location).host).toBe(false);
          // The hop ends at the path's own cluster: no request passes more than two gateways.
          if (edge.kind === "gateway-hop") expect(edge.host).toBe(router(path?.location ?? "").host);
          if (edge.kind === "in-cluster" || edge.kind === "private-endpoint") expect(path?.location).toBe(location);
        }
        return true;
      }),
    );
  });

  test("gives rights for exactly the managed paths on it", () => {
    fc.assert(
      fc.property(workloads, (paths) => {
        const routes = routers.flatMap((each) => routeOf("w", paths, each, routers) ?? []);
        const pairs = accessOf(routes, paths).flatMap(({ gateway, target, paths: granted }) =>
          granted.map((path) => `${gateway} ${target} ${path}`),
        );
        const expected = routes
          .flatMap(({ edges }) => edges)
          .filter(({ kind }) => kind === "private-endpoint" || kind === "public-endpoint")
          .map(({ gateway, path }) => `${gateway} ${path.split("/")[1]} ${path}`);
        expect(pairs.sort()).toEqual(expected.sort());
      }),
    );
  });
});

test("the rights of several workloads at one pair of locations are one entry", () => {
  const routes = [chat, invoices].flatMap(
    (paths, index) => routeOf(`w${index}`, paths, router("gcp-main"), routers) ?? [],
  );
  const access = accessOf(routes, [...chat, ...invoices]);
  expect(access.find(({ target }) => target === "azure-main")).toEqual({
    gateway: "gcp-main",
    target: "azure-main",
    paths: ["support-chat/azure-main", "invoice-extraction/azure-main"],
  });
  expect(access.map(({ target }) => target)).toEqual(["azure-main", "aws-main", "gcp-main"]);
});
