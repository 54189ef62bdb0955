/** What the sandbox's AWS offers where, and what accounts may use of it. */
import { afterEach, describe, expect, test } from "vitest";
import { accelerators } from "../../components/accelerator/catalogue.ts";
import { systemShapes } from "../../components/plan/base.ts";
import { architectureOf, quotaOf, vcpusOf } from "../../sandbox/clouds/aws/instances.ts";
import { offerProblems, offersOf } from "../../sandbox/clouds/aws/offers.ts";
import { zoneId, zoneProblems } from "../../sandbox/clouds/aws/places.ts";
import { awsQuotas } from "../../sandbox/clouds/aws/quotas.ts";
import type { Grants } from "../../sandbox/quotas.ts";
import { NODES, nodeGroup } from "../support/refusals-aws-bench.ts";
import { type TestSandbox, testSandbox } from "./engine.ts";

const shapes = Object.values(accelerators).flatMap(({ clouds }) =>
  clouds.aws.flatMap(({ shape, regions }) => Object.keys(regions).map((region) => [shape, region] as const)),
);

test.each(shapes)("%s is offered in %s, as the catalogue of accelerators says", (shape, region) => {
  expect(offersOf(shape)?.get(region)).toMatch(/^[1-6]+$/);
});

describe("offers", () => {
  test.each([
    ["p5.48xlarge", "eu-west-1", ["eu-west-1a"], /^Ec2InstanceTypeDoesNotExist: .*p5\.48xlarge.*eu-west-1$/],
    [
      "p4d.24xlarge",
      "eu-west-1",
      ["eu-west-1a", "eu-west-1c"],
      /^AsgInstanceLaunchFailures: .*\(eu-west-1a, eu-west-1c\)$/,
    ],
  ])("%s in %s %s is refused", (type, region, zones, message) => {
    const [problem, ...more] = offerProblems("instanceTypes[0]", type, region, zones);
    expect(problem?.reason).toMatch(message);
    expect(problem?.kind).toBe("placement");
    expect(more).toEqual([]);
  });

  test.each([
    ["p4d.24xlarge", "eu-west-1", ["eu-west-1a", "eu-west-1b"]], // one of its zones has it
    ["p5.48xlarge", "mx-central-1", ["mx-central-1a"]], // nobody told what that region has
    ["m7i.xlarge", "eu-west-1", ["eu-west-1a"]], // nobody told where that type is not
  ])("%s in %s %s is taken", (type, region, zones) => {
    expect(offerProblems("instanceTypes[0]", type, region, zones)).toEqual([]);
  });
});

describe("names of machines and zones", () => {
  test.each([
    ["t3.medium", 2, "x86_64", "L-1216C47A"],
    ["m7g.medium", 1, "arm64", "L-1216C47A"],
    ["m7i.xlarge", 4, "x86_64", "L-1216C47A"],
    ["im4gn.4xlarge", 16, "arm64", "L-1216C47A"],
    ["g4dn.xlarge", 4, "x86_64", "L-DB2E81BA"],
    ["gr6.4xlarge", 16, "x86_64", "L-DB2E81BA"],
    ["p5.48xlarge", 192, "x86_64", "L-417A185B"],
    ["p6-b200.48xlarge", 192, "x86_64", "L-417A185B"],
    ["m7i.metal-24xl", 96, "x86_64", "L-1216C47A"],
    ["trn2.48xlarge", 192, "x86_64", undefined],
  ] as const)("%s has %i vCPUs of %s", (type, vcpus, architecture, quota) => {
    expect([vcpusOf(type), architectureOf(type), quotaOf(type, false)]).toEqual([vcpus, architecture, quota]);
  });

  test.each([
    ["eu-west-1", "eu-west-1a", true],
    ["eu-west-1", "eu-west-1d", false],
    ["us-west-1", "us-west-1b", false],
    ["us-west-2", "us-west-2-lax-1a", true],
    ["eu-west-1", "us-east-1a", false],
    ["mx-central-1", "mx-central-1c", true],
    ["mx-central-1", "eu-west-1a", false],
  ])("%s has %s: %s", (region, zone, has) => {
    expect(zoneProblems(region, zone).length === 0).toBe(has);
  });

  test("zones have the ids that AWS gives them", () => {
    expect(["eu-west-1a", "us-gov-west-1c", "ap-southeast-2b"].map(zoneId)).toEqual([
      "euw1-az1",
      "usgw1-az3",
      "apse2-az2",
    ]);
  });
});

describe("quotas", () => {
  let box: TestSandbox | undefined;
  afterEach(async () => {
    await box?.end();
    box = undefined;
  });

  const made = async (grants: Grants, account: string, more: object) => {
    box = await testSandbox(grants);
    const config = { region: "eu-west-1", allowedAccountIds: JSON.stringify([account]) };
    const provider = await box.provider("aws", config);
    const bench = { box, account, provider, round: 1 } as const;
    const make = (type: string, inputs: Record<string, unknown>, name = "main") =>
      provider.make(type, inputs, { name });
    const accepted = () => Promise.reject(new Error("not asked for"));
    const inputs = await nodeGroup({ ...bench, make, accepted });
    return provider.make(NODES, { ...inputs, ...more });
  };
  const gpus = { instanceTypes: ["g4dn.xlarge"], amiType: "AL2023_x86_64_NVIDIA" };

  test("a fresh account has no GPUs", () => {
    const none = awsQuotas.filter(({ fresh }) => fresh === 0).map(({ name }) => name);
    expect(none).toEqual(["L-417A185B", "L-DB2E81BA", "L-7212CCBC", "L-C4BD4855", "L-3819A6DF"]);
  });

  test("have one name each", () => {
    const names = awsQuotas.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^L-[0-9A-F]{8}$/);
  });

  test("what was granted can be used, in that region and account", async () => {
    const granted = { "111122223333": { "L-DB2E81BA": { "eu-west-1": 4 } } };
    expect((await made(granted, "111122223333", gpus)).id).toBe("main:system");
  });

  test.each([
    ["another account", "444455556666", { "L-DB2E81BA": { "eu-west-1": 4 } }],
    ["another region", "111122223333", { "L-DB2E81BA": { "eu-central-1": 4 } }],
    ["too little", "111122223333", { "L-DB2E81BA": { "eu-west-1": 3 } }],
  ])("%s gets nothing of it", async (_, account, granted) => {
    await expect(made({ "111122223333": granted }, account, gpus)).rejects.toThrow(/VcpuLimitExceeded: .*asked for 4/);
  });

  test("a pool at zero needs none yet", async () => {
    const empty = { ...gpus, scalingConfig: { minSize: 0, desiredSize: 0, maxSize: 2 } };
    expect((await made({}, "111122223333", empty)).id).toBe("main:system");
  });

  test("the machines of the shipped stacks are counted", () => {
    expect(quotaOf(systemShapes.aws, false)).toBe("L-1216C47A");
    expect(vcpusOf(systemShapes.aws)).toBe(4);
  });
});
