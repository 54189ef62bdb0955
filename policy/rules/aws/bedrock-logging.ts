import { bedrockRegion, regionOf } from "../../clouds.ts";
import { at, type Graph, type Node, unknown } from "../../graph.ts";
import { objectsOf } from "../../kubernetes.ts";
import { groups, hostOf } from "../../routes.ts";
import { explainedAt, type Finding, judging, type Rule } from "../../rule.ts";

const name = "bedrock-logging";
const logging = "aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration";

export const bedrockLogging: Rule = {
  name,
  description:
    "Where Bedrock is called from a region, what is asked and answered there is logged, to a place that is named. There is one such setting a region and account.",
  severity: "high",
  tags: ["audit", "aws"],
  references: ["bedrock_model_invocation_logging_enabled", "EU AI Act Art. 12(1)"],
  remediationSteps:
    "Make one InvocationLoggingConfiguration in each region, with loggingConfig.cloudwatchConfig or s3Config inside the residency and textDataDeliveryEnabled true. It holds prompts: its readers are few.",
  url: explainedAt(name),
  reads: [
    { type: logging, path: "loggingConfig.cloudwatchConfig" },
    { type: logging, path: "loggingConfig.textDataDeliveryEnabled" },
    { type: "aws:ec2/vpcEndpoint:VpcEndpoint", path: "serviceName" },
  ],
  looksThrough: [
    { type: logging, path: "loggingConfig.cloudwatchConfig.logGroupName" },
    { type: logging, path: "region" },
  ],
  validateStack: judging((graph) => {
    const settings = graph.ofType(logging);
    const silent = [...calledFrom(graph)].filter(
      ([region]) => !settings.some((one) => regionOf(graph, one) === region),
    );
    return [
      ...silent.map(([region, node]) => missing(region, node)),
      ...settings.flatMap((setting) => incomplete(graph, setting)),
    ];
  }),
};

/** Regions in which the program reaches Bedrock, with the endpoint or else the gateway's backend by which it does. */
function calledFrom(graph: Graph): Map<string, Node> {
  const found = new Map<string, Node>();
  for (const backend of objectsOf(graph, groups.envoy, "Backend")) {
    const region = bedrockRegion(hostOf(backend));
    if (region !== undefined && !found.has(region)) found.set(region, backend.node);
  }
  for (const endpoint of graph.ofType("aws:ec2/vpcEndpoint:VpcEndpoint")) {
    const service = /^com\.amazonaws\.([a-z0-9-]+)\.bedrock-runtime$/.exec(String(at(endpoint.props, "serviceName")));
    if (service?.[1] !== undefined) found.set(service[1], endpoint);
  }
  return found;
}

function missing(region: string, { name: caller, urn }: Node): Finding {
  return {
    message: `Bedrock is called in ${region} (${caller}), and nothing logs what is asked there. Fix: make an InvocationLoggingConfiguration in ${region}.`,
    urn,
  };
}

/** Places for a log, with the property that names each. */
const places = { cloudwatchConfig: "logGroupName", s3Config: "bucketName" };

function isMade(graph: Graph, setting: Node): boolean {
  const madeFrom = setting.propertyDependencies.loggingConfig ?? [];
  return madeFrom.some((urn) => /:(LogGroup|Bucket)$/.test(graph.nodes.get(urn)?.type ?? ""));
}

function incomplete(graph: Graph, setting: Node): Finding[] {
  const config = at(setting.props, "loggingConfig");
  const named = Object.entries(places).some(([key, name]) => {
    const place = at(config, key);
    // A name that nobody knows yet is that of something which is being made; what it is made from names it.
    return place !== unknown && (at(place, name) === unknown ? isMade(graph, setting) : Boolean(at(place, name)));
  });
  const texts = [
    ...(named ? [] : ["names no place for the log"]),
    // Absent it is on.
    ...([true, undefined].includes(at(config, "textDataDeliveryEnabled") as boolean | undefined)
      ? []
      : ["leaves the text out (textDataDeliveryEnabled is not true)"]),
  ];
  return texts.map((text) => ({
    message: `${setting.name} ${text}. Fix: complete loggingConfig: cloudwatchConfig or s3Config, and textDataDeliveryEnabled true.`,
    urn: setting.urn,
  }));
}
