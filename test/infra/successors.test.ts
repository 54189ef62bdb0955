import { join } from "node:path";
import { expect, test } from "vitest";
import { build } from "../../infra/build.ts";
import { readConfig } from "../../infra/config/read.ts";
import { paced } from "../../infra/pace.ts";
import { planStack } from "../../infra/planning/index.ts";
import { readSources } from "../../infra/sources.ts";
import { awsOutputs } from "../support/aws.ts";
import { azureCalls, azureOutputs } from "../support/azure.ts";
import { gcpCalls, gcpOutputs } from "../support/gcp.ts";
import { construct } from "../support/mocks.ts";

/** Types that carry traffic. */
const carriers = [
  "aws:eks/cluster:Cluster",
  "aws:eks/nodeGroup:NodeGroup",
  "azure-native:cognitiveservices:Account",
  "azure-native:cognitiveservices:Deployment",
  "azure-native:containerservice:ManagedCluster",
  "gcp:container/cluster:Cluster",
  "gcp:container/nodePool:NodePool",
];

test("nothing that carries traffic goes before its successor stands", async () => {
  const config = readConfig(readSources(join(import.meta.dirname, "../../stacks"), "prod", "2026-11-21"));
  const built = await construct(() => build(planStack(config), config.images, new Map(), paced(50)), {
    outputs: { ...azureOutputs, ...awsOutputs, ...gcpOutputs },
    calls: { ...azureCalls, ...gcpCalls },
  });
  const isServer = (type: string, name: string) => type === "kubernetes:apps/v1:Deployment" && name.includes("server");
  const found = built.filter(({ type, name }) => carriers.includes(type) || isServer(type, name));
  expect(new Set(found.map(({ type }) => type))).toEqual(new Set([...carriers, "kubernetes:apps/v1:Deployment"]));
  expect(found.filter((each) => each.deleteBeforeReplace !== false).map(({ name }) => name)).toEqual([]);
});
