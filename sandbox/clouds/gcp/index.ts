/** Google Cloud in the sandbox. */
import type { CloudPackage, Problem, ResourceType } from "../../cloud.ts";
import type { Placement } from "../../store.ts";
import { isUnknown, knownString, type Properties } from "../../values.ts";
import { accountTypes } from "./accounts.ts";
import { addressTypes } from "./addresses.ts";
import { aiTypes } from "./ai.ts";
import { answer } from "./answers.ts";
import { clusterTypes } from "./clusters.ts";
import { locationIn, projectIn } from "./common.ts";
import { dnsTypes } from "./dns.ts";
import { endpointTypes } from "./endpoints.ts";
import { federationTypes } from "./federation.ts";
import { gcpFunctions } from "./functions.ts";
import { keyTypes } from "./keys.ts";
import { logTypes } from "./logs.ts";
import { networkTypes } from "./network.ts";
import { nodePoolTypes } from "./node-pools.ts";
import { perimeterTypes } from "./perimeters.ts";
import { projectTypes } from "./project.ts";
import { gcpQuotas } from "./quotas.ts";
import { gcpRefusals } from "./refusals/index.ts";
import { registryTypes } from "./registry.ts";
import { resourcePolicyTypes } from "./resource-policies.ts";
import { routingTypes } from "./routing.ts";
import { storageTypes } from "./storage.ts";

const notFound = (value: string) => answer("notFound", `The resource '${value}' was not found`);

export const gcp: CloudPackage = {
  name: "gcp",
  types: [
    ...networkTypes,
    ...routingTypes,
    ...addressTypes,
    ...endpointTypes,
    ...resourcePolicyTypes,
    ...clusterTypes,
    ...nodePoolTypes,
    ...accountTypes,
    ...projectTypes,
    ...federationTypes,
    ...perimeterTypes,
    ...keyTypes,
    ...registryTypes,
    ...storageTypes,
    ...logTypes,
    ...aiTypes,
    ...dnsTypes,
  ],
  functions: gcpFunctions,
  refusals: (token) => gcpRefusals[token],
  quotas: gcpQuotas,
  idInOutputs: true,
  connect,
  place,
  minted: [
    {
      pattern:
        /^https:\/\/www\.googleapis\.com\/compute\/v1\/projects\/[^/]+\/(global|regions\/[^/]+)\/[a-zA-Z]+\/[^/]+$/,
      refusal: notFound,
    },
    {
      pattern: /^projects\/[^/]+\/(global|regions\/[^/]+)\/[a-zA-Z]+\/[^/]+$/,
      // By its number, which the sandbox makes up, a project can't be told.
      except: /^projects\/\d+\//,
      refusal: notFound,
    },
    { pattern: /^projects\/[^/]+\/locations\/[^/]+\/(keyRings|repositories|clusters|buckets)\/.+$/, refusal: notFound },
  ],
};

/** Inputs by which a resource may name its parent, whose project and location it then shares. */
const PARENTS = ["cluster", "keyRing", "cryptoKeyId", "repository", "serviceAccountId"] as const;

/** A resource's own project wins over its parent's, and that over the provider's; places likewise. A zone is in its region. */
function place(inputs: Properties, connection: { scope: string; region: string }, type: ResourceType): Placement {
  const parents = PARENTS.map((key) => inputs[key]);
  const inherited = parents.map(projectIn).find((project) => project !== undefined);
  const scope = knownString(inputs.project) ?? inherited ?? connection.scope;
  if (!type.regional) return { scope, region: "" };
  const near = parents.map(locationIn).find((location) => location !== undefined);
  const location = knownString(inputs.region) ?? knownString(inputs.location) ?? near ?? connection.region;
  return { scope, region: location.toLowerCase().replace(/-[a-z]$/, "") };
}

/** The project is what the configuration says; no credentials of this machine are looked at. */
function connect(config: Properties): { scope: string; region: string; problems: readonly Problem[] } {
  const scope = knownString(config.project) ?? "";
  const missing = scope === "" && !isUnknown(config.project);
  const reason = "no project: the sandbox reads no credentials, so project of the gcp provider is needed";
  return {
    scope,
    region: knownString(config.region) ?? "",
    problems: missing ? [{ property: "project", reason }] : [],
  };
}
