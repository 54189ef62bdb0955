import { describe, expect, test } from "vitest";
import type { Plan } from "../../../components/plan/types.ts";
import { planStack } from "../../../infra/planning/index.ts";
import { planned } from "../../support/plans.ts";
import { configOf, type Environment } from "../../support/stacks.ts";

/** What the three shipped stacks are planned to be. Numbers that change here change what people pay and rely on. */

const environments: readonly Environment[] = ["dev", "staging", "prod"];
const plans = new Map(environments.map((environment) => [environment, planned(environment)]));
const plan = (environment: Environment) => plans.get(environment) as Plan;
const pathsOf = ({ workloads }: Plan) => workloads.flatMap((workload) => workload.paths);

describe.each(environments)("%s", (environment) => {
  const { workloads, locations, access } = plan(environment);

  test("serves the two workloads on these paths", () => {
    const rows = pathsOf(plan(environment)).map(
      ({ id, role, cloud, region, serving, vendor, managed, selfHosted, retires }) =>
        [id, role, cloud, region, serving, vendor, managed?.modelId ?? selfHosted?.modelId, retires].join(" "),
    );
    expect(rows).toEqual([
      "support-chat/azure-main primary azure swedencentral managed openai gpt-5.4-support-chat 2027-03-05",
      "support-chat/aws-main fallback aws eu-west-1 managed anthropic eu.anthropic.claude-sonnet-4-6 ",
      "support-chat/gcp-main fallback gcp europe-west4 self-hosted openai gpt-oss-120b ",
      "invoice-extraction/gcp-main primary gcp europe-west4 managed google gemini-3.5-flash 2027-05-19",
      "invoice-extraction/azure-main fallback azure swedencentral managed openai gpt-5-mini-invoice-extraction 2027-02-06",
    ]);
  });

  test("has a gateway in each location, which reaches each path of its workloads", () => {
    const rows = locations.flatMap(
      ({ gateway }) =>
        gateway?.routes.flatMap((route) => route.edges.map((edge) => `${edge.gateway} ${edge.path} ${edge.kind}`)) ??
        [],
    );
    expect(rows).toEqual([
      "azure-main support-chat/azure-main private-endpoint",
      "azure-main support-chat/aws-main public-endpoint",
      "azure-main support-chat/gcp-main gateway-hop",
      "azure-main invoice-extraction/azure-main private-endpoint",
      "azure-main invoice-extraction/gcp-main public-endpoint",
      "aws-main support-chat/aws-main private-endpoint",
      "aws-main support-chat/azure-main public-endpoint",
      "aws-main support-chat/gcp-main gateway-hop",
      "gcp-main support-chat/gcp-main in-cluster",
      "gcp-main support-chat/azure-main public-endpoint",
      "gcp-main support-chat/aws-main public-endpoint",
      "gcp-main invoice-extraction/gcp-main private-endpoint",
      "gcp-main invoice-extraction/azure-main public-endpoint",
    ]);
  });

  test("connects to these names", () => {
    const edges = locations.flatMap(({ gateway }) => gateway?.routes.flatMap((route) => route.edges) ?? []);
    const hosts = new Map(edges.map(({ path, kind, host }) => [`${path} ${kind}`, host]));
    const account = { dev: "twocloud-e1ac504d", staging: "twocloud-3d57fe2d", prod: "twocloud-a94cd7ff" }[environment];
    expect(Object.fromEntries(hosts)).toEqual({
      "support-chat/azure-main private-endpoint": `${account}.openai.azure.com`,
      "support-chat/azure-main public-endpoint": `${account}.openai.azure.com`,
      "invoice-extraction/azure-main private-endpoint": `${account}.openai.azure.com`,
      "invoice-extraction/azure-main public-endpoint": `${account}.openai.azure.com`,
      "support-chat/aws-main private-endpoint": "bedrock-runtime.eu-west-1.amazonaws.com",
      "support-chat/aws-main public-endpoint": "bedrock-runtime.eu-west-1.amazonaws.com",
      "invoice-extraction/gcp-main private-endpoint": "aiplatform.eu.rep.googleapis.com",
      "invoice-extraction/gcp-main public-endpoint": "aiplatform.eu.rep.googleapis.com",
      "support-chat/gcp-main in-cluster": "support-chat-gcp-main.support-chat-gcp-main.svc.cluster.local",
      "support-chat/gcp-main gateway-hop": `gateway.gcp.${environment}.ai.example.com`,
    });
  });

  test("needs these federation edges and no other", () => {
    expect(access.map(({ gateway, target, paths }) => `${gateway} → ${target}: ${paths.join(", ")}`)).toEqual([
      "azure-main → azure-main: support-chat/azure-main, invoice-extraction/azure-main",
      "azure-main → aws-main: support-chat/aws-main",
      "azure-main → gcp-main: invoice-extraction/gcp-main",
      "aws-main → aws-main: support-chat/aws-main",
      "aws-main → azure-main: support-chat/azure-main",
      "gcp-main → azure-main: support-chat/azure-main, invoice-extraction/azure-main",
      "gcp-main → aws-main: support-chat/aws-main",
      "gcp-main → gcp-main: invoice-extraction/gcp-main",
    ]);
  });

  test("keeps every workload on a fallback that stands when the primary falls", () => {
    expect(
      workloads.map(({ name, independence }) => [
        name,
        independence.holds,
        independence.fallbacks.map(({ independent }) => independent),
      ]),
    ).toEqual([
      ["support-chat", true, [true, true]],
      ["invoice-extraction", true, [true]],
    ]);
    expect(
      workloads.flatMap(({ independence }) =>
        independence.shared.map(({ dimension, level, node }) => `${dimension} ${level} ${node}`),
      ),
    ).toEqual([
      "state-backend soft state of this stack",
      "retirement soft unknown",
      "state-backend soft state of this stack",
    ]);
  });

  test("keeps every path of a critical workload inside the objective", () => {
    for (const { recovery, id } of workloads.filter(({ tier }) => tier === "critical").flatMap(({ paths }) => paths)) {
      expect(recovery.firstAnswerSeconds, id).toBeLessThanOrEqual(recovery.objectiveSeconds);
    }
  });

  test("is plain JSON, and the same whenever it is computed", () => {
    const text = JSON.stringify(plan(environment));
    expect(JSON.parse(text)).toEqual(plan(environment));
    expect(JSON.stringify(planStack(configOf(environment)))).toBe(text);
  });
});

describe("what the environments decide", () => {
  const one = (environment: Environment, id: string) => {
    const found = pathsOf(plan(environment)).find((path) => path.id === id);
    if (found === undefined) throw new Error(`${id} is not in ${environment}`);
    return found;
  };

  test("the capacity that each path needs and has", () => {
    const rows = environments.map((environment) =>
      pathsOf(plan(environment)).map(({ capacity }) => `${capacity.needed}/${capacity.available} ${capacity.unit}`),
    );
    const invoices = (tokens: number) => [`${tokens}/null tokens/min`, `${tokens}/null tokens/min`];
    expect(rows).toEqual([
      ["108000/null tokens/min", "108000/null tokens/min", "1/5.8 requests/s", ...invoices(408000)],
      ["540000/null tokens/min", "540000/null tokens/min", "5/11.6 requests/s", ...invoices(816000)],
      ["2160000/null tokens/min", "2160000/null tokens/min", "20/23.2 requests/s", ...invoices(816000)],
    ]);
  });

  test("the GPU pool", () => {
    const rows = environments.map((environment) => {
      const { standby, recovery, selfHosted: pool } = one(environment, "support-chat/gcp-main");
      const { shape, purchase, zones, minNodes, maxNodes } = pool ?? { zones: [] };
      return [
        standby,
        shape,
        purchase,
        zones.join(),
        `${minNodes}–${maxNodes}`,
        recovery.firstAnswerSeconds,
        recovery.fullCapacitySeconds,
      ].join(" ");
    });
    expect(rows).toEqual([
      "cold a3-highgpu-1g spot b,c 0–1 911 911",
      "warm a3-highgpu-1g spot b,c 1–2 11 11",
      "warm a3-highgpu-1g spot b,c 1–4 11 911",
    ]);
  });

  test("prod is zone-redundant and protected, dev is neither", () => {
    const rows = environments.map((environment) => {
      const { profile, locations } = plan(environment);
      return [
        profile.protect,
        profile.zoneRedundant,
        locations.map(({ zones }) => zones.length).join(),
        locations.map(({ gateway }) => gateway?.replicas).join(),
      ].join(" ");
    });
    expect(rows).toEqual(["false false 1,2,1 1,1,1", "false false 2,2,2 2,2,2", "true true 3,3,3 3,3,3"]);
  });

  test("dev costs less than staging, and staging less than prod, in every location and for every path, as far as prices are known", () => {
    const base = environments.map((environment) =>
      plan(environment).locations.map(({ baseUsdPerMonth }) => baseUsdPerMonth),
    );
    expect(base).toEqual([
      [215.35, 288.13, 189],
      [390.55, 452.16, 297.69],
      [638.75, 694.3, 406.39],
    ]);
    const standby = environments.map(
      (environment) => one(environment, "support-chat/gcp-main").cost.standbyUsdPerMonth,
    );
    expect(standby).toEqual([0, 4877.06, 4877.06]);
    const peak = environments.map((environment) =>
      pathsOf(plan(environment)).map(({ cost }) => cost.peakUsdPerHour ?? Number.NaN),
    );
    for (const [index, dev] of (peak[0] ?? []).entries()) {
      expect(dev).toBeLessThan(peak[1]?.[index] ?? Number.NaN);
      expect(peak[1]?.[index]).toBeLessThanOrEqual(peak[2]?.[index] ?? Number.NaN);
    }
  });

  test("no two environments share an account, a range or a name", () => {
    const things = environments.flatMap((environment) =>
      plan(environment).locations.flatMap(({ cloud, account, cidr, gateway }) => [
        `${cloud} ${account}`,
        cidr,
        gateway?.host,
      ]),
    );
    expect(new Set(things).size).toBe(things.length);
  });
});
