/** Vertex AI. https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asObject, knownString, type Properties } from "../../values.ts";
import { wrong } from "./answers.ts";
import { alone, gcpType, inLocation, locationIn, ref } from "./common.ts";
import { KEY } from "./keys.ts";
import { NETWORK } from "./network.ts";

const KEYS_PAGE = "https://cloud.google.com/vertex-ai/docs/general/cmek";

const endpoint = gcpType({
  token: "gcp:vertex/aiEndpoint:AiEndpoint",
  api: "aiplatform",
  place: "location",
  labelled: true,
  id: inLocation("endpoints", "name"),
  name: {
    property: "name",
    pattern: /^[1-9]\d{0,9}$/,
    allowed: "a number of at most 10 digits without leading zeros",
    source: "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints/create",
  },
  unique: [alone(["name"], "region")],
  replaceOn: ["name", "network", "encryptionSpec", "privateServiceConnectConfig.enablePrivateServiceConnect", "region"],
  references: [ref("encryptionSpec.kmsKeyName", KEY)],
  check: (inputs) => [...textProblems(inputs), ...privateProblems(inputs)],
  refuse: (inputs, context) => [...keyRefusals(inputs, context), ...networkRefusals(inputs, context)],
  outputs: (_, context) => ({
    createTime: context.createdAt,
    updateTime: context.createdAt,
    etag: context.hex(16, "etag"),
    deployedModels: [],
    dedicatedEndpointDns: "",
    modelDeploymentMonitoringJob: "",
  }),
});

function textProblems({ displayName }: Properties): Problem[] {
  const text = knownString(displayName);
  if (text === undefined || (text.length > 0 && text.length <= 128)) return [];
  return [wrong("displayName", "badRequest", `displayName has ${text.length} characters; 1 to 128 are allowed`)];
}

/** https://cloud.google.com/vertex-ai/docs/predictions/choose-endpoint-type */
function privateProblems({
  network,
  privateServiceConnectConfig: psc,
  dedicatedEndpointEnabled: dedicated,
}: Properties) {
  const given = [
    ...(network === undefined ? [] : ["network"]),
    ...(psc === undefined ? [] : ["privateServiceConnectConfig"]),
    ...(dedicated === true ? ["dedicatedEndpointEnabled"] : []),
  ];
  if (psc === undefined || given.length < 2) return [];
  const text = `an endpoint is of one kind: ${given.join(" and ")} exclude each other`;
  return [wrong("privateServiceConnectConfig", "badRequest", text, { fix: `Keep one of ${given.join(", ")}` })];
}

function keyRefusals({ encryptionSpec }: Properties, { placement: { region } }: Context): Problem[] {
  const keyName = asObject(encryptionSpec).kmsKeyName;
  if (keyName === undefined || locationIn(keyName) === region) return [];
  const text = `Cloud KMS key ${keyName} is not in ${region}, where the endpoint is`;
  const more = { kind: "placement", fix: `Make key ring and key in ${region}`, source: KEYS_PAGE } as const;
  return [wrong("encryptionSpec.kmsKeyName", "badRequest", text, more)];
}

/** Networks are named by the project's number here, which the sandbox makes up: only the last part is looked up. */
function networkRefusals({ network }: Properties, context: Context): Problem[] {
  const text = knownString(network);
  if (text === undefined) return [];
  const name = text.split("/").at(-1);
  const isThere = context.all(NETWORK).some((held) => held.name === name);
  if (isThere) return [];
  return [wrong("network", "notFound", `The resource '${text}' was not found`, { kind: "reference" })];
}

export const aiTypes: readonly ResourceType[] = [endpoint];
