/** Cases of Envoy AI Gateway's kinds. */
import type { Properties } from "../../../sandbox/values.ts";
import type { Accepted, Refused, RefusedTypes } from "../sandbox-refusals.ts";
import {
  badName,
  elsewhere,
  installDefinitions,
  longLabel,
  misspelt,
  put,
  renamed,
  takenBy,
  without,
  wrong,
} from "./common.ts";

const group = "aigateway.envoyproxy.io";
const custom = (version: string, kind: string) => `kubernetes:${group}/${version}:${kind}`;
const route = custom("v1beta1", "AIGatewayRoute");
const service = custom("v1beta1", "AIServiceBackend");
const credential = custom("v1beta1", "BackendSecurityPolicy");
const config = custom("v1beta1", "GatewayConfig");
const tools = custom("v1beta1", "MCPRoute");
const quota = custom("v1alpha1", "QuotaPolicy");

const parentRefs = [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "it" }];
const rule = {
  matches: [{ headers: [{ type: "Exact", name: "x-ai-eg-model", value: "chat" }] }],
  backendRefs: [{ name: "a", priority: 0 }],
  timeouts: { request: "300s" },
};
const pool = { group: "inference.networking.k8s.io", kind: "InferencePool", name: "pool" };
const processor = "spec.extProc.kubernetes";

const made =
  (spec: Properties): Accepted[string] =>
  async (bench) => {
    await installDefinitions(bench);
    return { metadata: { name: "it" }, spec };
  };

export const accepted: Accepted = {
  [route]: made({ parentRefs, rules: [rule] }),
  [service]: made({
    schema: { name: "OpenAI" },
    backendRef: { group: "gateway.envoyproxy.io", kind: "Backend", name: "a" },
  }),
  [credential]: made({
    type: "AWSCredentials",
    awsCredentials: { region: "eu-west-1" },
    targetRefs: [{ group, kind: "AIServiceBackend", name: "a" }],
  }),
  [config]: made({ extProc: { kubernetes: { resources: { requests: { cpu: "250m" } } } } }),
  [tools]: made({ parentRefs, backendRefs: [{ name: "a", port: 80 }] }),
  [quota]: made({ targetRefs: [{ group, kind: "AIServiceBackend", name: "a" }] }),
};

const undefinedKind: Refused = {
  kind: "reference",
  when: "a cluster without the chart that defines it",
  first: ({ provider }) => provider.remove("kubernetes:helm.sh/v3:Release", "default/ai-gateway-crds-helm", {}),
  code: "NotFound: ",
  says: "the cluster has no such custom resource definition (kind). Fix: Install one of the charts ai-gateway-crds-helm first",
};
const ruleWith = (changes: Properties) => [{ ...rule, ...changes }];

export const refused: RefusedTypes = {
  [route]: [
    undefinedKind,
    elsewhere,
    renamed,
    takenBy(route),
    without("spec.rules"),
    wrong(
      "spec.rules",
      Array.from({ length: 16 }, () => rule),
      "list of 16: at most 15 are allowed",
    ),
    wrong(
      "spec.rules",
      ruleWith({ backendRefs: [{ name: "a" }, pool] }),
      "cannot mix InferencePool and AIServiceBackend",
    ),
    wrong("spec.rules", ruleWith({ backendRefs: [pool, { ...pool, name: "b" }] }), "only one InferencePool backend"),
    wrong("spec.rules", ruleWith({ backendRefs: [{ name: "a", kind: "Backend" }] }), "must be specified together"),
    wrong("spec.rules", ruleWith({ backendRefs: [{ ...pool, kind: "Service" }] }), "only InferencePool from"),
    wrong(
      "spec.rules",
      ruleWith({ timeouts: { request: "10s", backendRequest: "1m" } }),
      "cannot be longer than request",
    ),
    wrong("spec.parentRefs", [{ kind: "Service", name: "a" }], "only Gateway is supported"),
  ],
  [service]: [
    undefinedKind,
    elsewhere,
    badName(),
    without("spec.schema"),
    wrong("spec.schema.name", "Mistral", "OpenAI"),
    wrong("spec.backendRef", { kind: "Service", name: "a", port: 80 }, "must be a Backend resource of Envoy Gateway"),
  ],
  [credential]: [
    undefinedKind,
    elsewhere,
    longLabel,
    without("spec.awsCredentials", "When type is AWSCredentials, only awsCredentials field should be set"),
    wrong("spec.type", "APIKey", "When type is APIKey, only apiKey field should be set"),
    wrong("spec.apiKey", { secretRef: { name: "a" } }, "only awsCredentials field should be set"),
    {
      ...wrong(
        "spec.type",
        "AzureCredentials",
        "Exactly one of clientSecretRef or oidcExchangeToken must be specified",
      ),
      change: put("spec", { type: "AzureCredentials", azureCredentials: { clientID: "a", tenantID: "b" } }),
    },
  ],
  [config]: [
    undefinedKind,
    elsewhere,
    misspelt("spec.replicas"),
    wrong(processor, { image: "a:1", imageRepository: "b" }, "Either image or imageRepository can be set"),
    wrong(`${processor}.image`, "a b", "Image must include a tag and allowed characters only"),
  ],
  [tools]: [
    undefinedKind,
    elsewhere,
    without("spec.parentRefs"),
    wrong(
      "spec.backendRefs",
      [
        { name: "a", port: 80 },
        { name: "a", port: 81 },
      ],
      "all backendRefs names must be unique",
    ),
    wrong("spec.parentRefs", [{ kind: "Service", name: "a" }], "only Gateway is supported"),
  ],
  [quota]: [
    undefinedKind,
    elsewhere,
    renamed,
    wrong("spec.targetRefs", [{ group: "", kind: "Service", name: "a" }], "must reference AIServiceBackend resources"),
  ],
};
