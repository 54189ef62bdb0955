import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readConfig } from "../../infra/config/read.ts";
import { planStack } from "../../infra/planning/index.ts";
import { flatProgram, type RegisteredResource, registrationsOf } from "../../operations/bench/flat.ts";
import { sdkImports } from "../../operations/bench/projects.ts";
import { median, slope } from "../../operations/bench/statistics.ts";
import { manyWorkloads } from "../../operations/bench/workloads.ts";
import { shipped, textOf, withText } from "../support/stacks.ts";

/** What the benchmark makes before it measures. */

describe("synthetic workloads", () => {
  const prod = shipped("prod");

  test.each([10, 50, 200])("%i of them are a valid stack, planned one by one", (count) => {
    const text = manyWorkloads(textOf(prod, "workloads.yaml"), count);
    const plan = planStack(readConfig(withText(prod, "workloads.yaml", text)));
    expect(plan.workloads).toHaveLength(count);
    expect(new Set(plan.workloads.map(({ name }) => name)).size).toBe(count);
    expect(Math.max(...plan.workloads.map(({ name }) => name.length))).toBeLessThanOrEqual(31);
  });

  test("are the shipped ones in turn, but for the name", () => {
    const text = manyWorkloads("a: { tier: critical }\nb: { tier: standard }\n", 3);
    expect(text).toBe("a-001:\n  tier: critical\nb-002:\n  tier: standard\na-003:\n  tier: critical\n");
  });
});

const urn = (type: string, name: string): string => `urn:pulumi:prod::twocloud::${type}::${name}`;

const provider: RegisteredResource = {
  urn: urn("pulumi:providers:aws", "aws-main"),
  type: "pulumi:providers:aws",
  custom: true,
  id: "provider-id",
  inputs: { region: "eu-west-1" },
  outputs: { region: "eu-west-1" },
};
const component: RegisteredResource = {
  urn: urn("twocloud:index:AwsNetwork", "net"),
  type: "twocloud:index:AwsNetwork",
  custom: false,
  inputs: {},
  outputs: { cloud: "aws" },
};
const vpc: RegisteredResource = {
  urn: urn("aws:ec2/vpc:Vpc", "net-vpc"),
  type: "aws:ec2/vpc:Vpc",
  custom: true,
  id: "vpc-0123456789",
  parent: component.urn,
  provider: `${provider.urn}::provider-id`,
  protect: true,
  inputs: { cidrBlock: "10.0.0.0/16", __defaults: [] },
  outputs: { cidrBlock: "10.0.0.0/16", id: "vpc-0123456789", arn: "arn:aws:ec2:vpc-0123456789" },
};
const subnet: RegisteredResource = {
  urn: urn("aws:ec2/subnet:Subnet", "net-subnet"),
  type: "aws:ec2/subnet:Subnet",
  custom: true,
  id: "subnet-1",
  parent: component.urn,
  provider: `${provider.urn}::provider-id`,
  dependencies: [vpc.urn, component.urn],
  propertyDependencies: { vpcId: [vpc.urn], tags: [vpc.urn], cidrBlock: [vpc.urn] },
  inputs: { vpcId: "vpc-0123456789", tags: { of: "in vpc-0123456789!" }, cidrBlock: "10.0.1.0/24" },
  outputs: {},
};
const stack: RegisteredResource = { urn: urn("pulumi:pulumi:Stack", "s"), type: "pulumi:pulumi:Stack", custom: false };
const state = { resources: [stack, provider, component, vpc, subnet] };
const sdks = ["@pulumi/aws/ec2/index.js", "@pulumi/aws/provider.js"];

describe("the flat program", () => {
  const text = flatProgram(state, sdks);
  const statements = text.split("\n").filter((line) => /^const r\d+ = /.test(line));

  test("registers the same rows in the same order, components too, with the original's classes", () => {
    expect(statements.map((line) => line.slice(0, line.indexOf("{")))).toEqual([
      'const r0 = new pulumi.ProviderResource("aws", "aws-main", ',
      'const r1 = new pulumi.ComponentResource("twocloud:index:AwsNetwork", "net", ',
      'const r2 = new m0.Vpc("net-vpc", ',
      'const r3 = new m0.Subnet("net-subnet", ',
    ]);
    expect(registrationsOf(state)).toHaveLength(statements.length);
  });

  test("takes from other resources what the original took from them, and waits for the rest", () => {
    expect(statements[3]).toBe(
      'const r3 = new m0.Subnet("net-subnet", { "vpcId": r2.id, "tags": { "of": pulumi.concat("in ", r2.id, "!") }, ' +
        '"cidrBlock": after("10.0.1.0/24", [r2.urn]) }, { parent: r1, provider: r0, dependsOn: [r1] });',
    );
  });

  test("keeps options, and leaves out what providers note for themselves", () => {
    expect(statements[2]).toBe(
      'const r2 = new m0.Vpc("net-vpc", { "cidrBlock": "10.0.0.0/16" }, { parent: r1, provider: r0, protect: true });',
    );
  });

  test("imports every SDK module of the original", () => {
    for (const sdk of sdks) expect(text).toContain(`from "${sdk}";`);
    expect(sdkImports()).toEqual(expect.arrayContaining(sdks));
  });

  test("is refused when a class is in no imported module", () => {
    expect(() => flatProgram(state, ["@pulumi/aws/provider.js"])).toThrow(
      "aws:ec2/vpc:Vpc: no imported module has its class; looked for @pulumi/aws/ec2/index.js.",
    );
  });
});

test("every type of the shipped stack has its class in an imported module", () => {
  const dump = JSON.parse(readFileSync(new URL("../golden/prod.json", import.meta.url), "utf8")) as Record<
    string,
    { readonly type: string }
  >;
  const resources = Object.entries(dump).map(([name, { type }]) => ({
    urn: urn(type, name),
    type,
    custom: !type.startsWith("twocloud:"),
    id: name,
  }));
  const rows = registrationsOf({ resources });
  expect(rows.length).toBeGreaterThan(400);
  const written = flatProgram({ resources }, sdkImports()).match(/^const r\d+ = new /gm);
  expect(written).toHaveLength(rows.length);
});

describe("statistics", () => {
  test("the median is the middle value, or between the two in the middle", () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(() => median([])).toThrow("no median");
  });

  test("a slope is seconds for each further workload", () => {
    expect(slope({ workloads: 10, seconds: 2 }, { workloads: 50, seconds: 6 })).toBe(0.1);
  });
});
