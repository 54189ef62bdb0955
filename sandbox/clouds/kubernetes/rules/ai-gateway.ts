/** Envoy AI Gateway v1.0: https://aigateway.envoyproxy.io/docs/api/ */
import type { Problem } from "../../../cloud.ts";
import { asList, asObject, isUnknown, knownString, type Properties } from "../../../values.ts";
import { repeated } from "../problems.ts";
import { broken, given, type RulesByKind, secondsOf, whenKnown } from "./rule.ts";

const GROUP = "aigateway.envoyproxy.io";
const POOLS = "inference.networking.k8s.io";

export const aiGatewayRules: RulesByKind = {
  [`${GROUP}/AIGatewayRoute`]: {
    check: (spec) => [
      ...parentProblems(spec),
      ...asList(spec.rules).flatMap((rule, index) => ruleProblems(asObject(rule), `spec.rules[${index}]`)),
    ],
  },
  [`${GROUP}/AIServiceBackend`]: { check: backendProblems },
  [`${GROUP}/BackendSecurityPolicy`]: { check: credentialProblems },
  [`${GROUP}/GatewayConfig`]: { check: processorProblems },
  [`${GROUP}/MCPRoute`]: {
    check: (spec) => [
      ...parentProblems(spec),
      ...repeated(
        asList(spec.backendRefs).map((ref) => asObject(ref).name),
        "spec.backendRefs",
      ).map(({ property }) => broken(property, "all backendRefs names must be unique", "Name each backend once")),
    ],
  },
  [`${GROUP}/QuotaPolicy`]: { check: quotaProblems },
};

function parentProblems(spec: Properties): Problem[] {
  return asList(spec.parentRefs).flatMap((parent, index) => {
    const kind = knownString(asObject(parent).kind) ?? "Gateway";
    if (kind === "Gateway") return [];
    return [broken(`spec.parentRefs[${index}].kind`, "only Gateway is supported", "Name the Gateway")];
  });
}

function ruleProblems(rule: Properties, at: string): readonly Problem[] {
  const refs = asList(rule.backendRefs).map(asObject);
  const pools = refs.filter(({ group, kind }) => group !== undefined && kind !== undefined);
  const refProblems = refs.flatMap(({ group, kind }, index) => {
    const property = `${at}.backendRefs[${index}]`;
    if ((group === undefined) !== (kind === undefined)) {
      return [broken(property, "group and kind must be specified together", "Leave both out for an AIServiceBackend")];
    }
    if (group === undefined || isUnknown(group) || isUnknown(kind)) return [];
    if (group === POOLS && kind === "InferencePool") return [];
    return [
      broken(property, `only InferencePool from ${POOLS} group is supported`, "Leave both out for an AIServiceBackend"),
    ];
  });
  return [
    ...refProblems,
    ...(pools.length > 0 && pools.length < refs.length
      ? [
          broken(
            at,
            "cannot mix InferencePool and AIServiceBackend references in the same rule",
            "Reach the pool by name instead: a Backend behind an AIServiceBackend",
          ),
        ]
      : []),
    ...(pools.length > 1
      ? [broken(at, "only one InferencePool backend is allowed per rule", "Make a rule for each pool")]
      : []),
    ...timeoutProblems(asObject(rule.timeouts), `${at}.timeouts`),
  ];
}

function timeoutProblems({ request, backendRequest }: Properties, at: string): Problem[] {
  const [whole, single] = [secondsOf(request), secondsOf(backendRequest)];
  if (whole === undefined || single === undefined || whole === 0 || single <= whole) return [];
  return [
    broken(
      at,
      "backendRequest timeout cannot be longer than request timeout",
      "Raise request, or lower backendRequest",
    ),
  ];
}

function backendProblems(spec: Properties): readonly Problem[] {
  return whenKnown(spec.backendRef, () => {
    const { group, kind } = asObject(spec.backendRef);
    if (kind === "Backend" && group === "gateway.envoyproxy.io") return [];
    const message =
      "BackendRef must be a Backend resource of Envoy Gateway. See https://github.com/envoyproxy/ai-gateway/issues/902 for more details.";
    return [broken("spec.backendRef", message, "Make a Backend of Envoy Gateway, and name its group and kind")];
  });
}

/** The field that holds the credential of each type. */
const CREDENTIALS: Readonly<Record<string, string>> = {
  APIKey: "apiKey",
  AWSCredentials: "awsCredentials",
  AzureAPIKey: "azureAPIKey",
  AzureCredentials: "azureCredentials",
  GCPCredentials: "gcpCredentials",
  AnthropicAPIKey: "anthropicAPIKey",
};

function credentialProblems(spec: Properties): readonly Problem[] {
  const type = knownString(spec.type);
  const field = type === undefined ? undefined : CREDENTIALS[type];
  if (field === undefined) return [];
  const set = given(spec, Object.values(CREDENTIALS));
  const azure = asObject(spec.azureCredentials);
  const ways = given(azure, ["clientSecretRef", "oidcExchangeToken"]);
  return [
    ...(set.length === 1 && set[0] === field
      ? []
      : [
          broken(
            "spec",
            `When type is ${type}, only ${field} field should be set`,
            `Set ${field} and no other credential`,
          ),
        ]),
    ...(spec.azureCredentials === undefined || isUnknown(spec.azureCredentials) || ways.length === 1
      ? []
      : [
          broken(
            "spec.azureCredentials",
            "Exactly one of clientSecretRef or oidcExchangeToken must be specified",
            "Keep one of the two",
          ),
        ]),
  ];
}

const IMAGE = /^[a-zA-Z0-9._-]+(:[0-9]+)?(\/[a-zA-Z0-9._/-]+)?(:[a-zA-Z0-9._-]+)?(@sha256:[a-z0-9]+)?$/;

function processorProblems(spec: Properties): readonly Problem[] {
  const at = "spec.extProc.kubernetes";
  const { image, imageRepository } = asObject(asObject(spec.extProc).kubernetes);
  const name = knownString(image);
  return [
    ...(image !== undefined && imageRepository !== undefined
      ? [broken(at, "Either image or imageRepository can be set.", "Keep one of the two")]
      : []),
    ...(name === undefined || IMAGE.test(name)
      ? []
      : [
          broken(
            `${at}.image`,
            "Image must include a tag and allowed characters only (e.g., 'repo:tag').",
            "Write it as registry/repository:tag",
          ),
        ]),
  ];
}

function quotaProblems(spec: Properties): readonly Problem[] {
  return whenKnown(spec.targetRefs, () => {
    const fits = asList(spec.targetRefs)
      .map(asObject)
      .every(({ group, kind }) => group === GROUP && kind === "AIServiceBackend");
    if (fits) return [];
    return [
      broken("spec.targetRefs", "targetRefs must reference AIServiceBackend resources", "Name an AIServiceBackend"),
    ];
  });
}
