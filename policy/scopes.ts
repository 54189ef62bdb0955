import { regionOf } from "../components/plan/regions.ts";
import { clouds } from "../components/plan/types.ts";

/** Where inference may happen, as the clouds' own names of deployments, profiles and hosts say. Pure. */

/** Geography of a region's or a geography's name; `world` for everywhere, undefined when the tables do not have it. */
export function geographyOf(scope: string): string | undefined {
  const plain = scope.toLowerCase();
  if (plain === "global") return "world";
  const named = geographies[plain];
  if (named !== undefined) return named;
  for (const cloud of clouds) {
    const found = regionOf(cloud, plain)?.geography;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Names of geographies, with GCP's multi-regions. */
const geographies: Readonly<Record<string, string>> = {
  eu: "eu",
  us: "us",
  uk: "uk",
  ch: "ch",
  no: "no",
  ca: "ca",
  europe: "eu",
  eur4: "eu",
};

/**
 * Prefixes of Bedrock's inference profiles: where a request may be sent on to. An id without one stays in its region.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
 */
const profileScopes: Readonly<Record<string, string>> = {
  eu: "eu",
  us: "us",
  "us-gov": "us-gov",
  ca: "ca",
  global: "world",
  apac: "apac",
  jp: "jp",
  au: "au",
};

/** Geography of a Bedrock model id; `region` when it stays in the region of the call. */
export function bedrockScope(modelId: string): string | undefined {
  // An ARN of an application's own profile says nothing of where it leads.
  if (modelId.startsWith("arn:")) return undefined;
  return profileScopes[modelId.split(".")[0] ?? ""] ?? "region";
}

/**
 * Geography of an Azure deployment's SKU. Data zones exist for the EU and the United States and are the geography of
 * the account's region. https://learn.microsoft.com/azure/ai-foundry/foundry-models/concepts/deployment-types
 */
export function azureScope(sku: string, geography: string | undefined): string | undefined {
  if (sku.startsWith("Global")) return "world";
  if (sku.startsWith("DataZone")) return geography === "eu" || geography === "us" ? geography : undefined;
  return "region";
}

/** Region, multi-region or `global` of a Vertex AI host; undefined for other hosts. */
export function vertexScope(host: string): string | undefined {
  if (host === "aiplatform.googleapis.com") return "global";
  return (
    /^aiplatform\.([a-z]+)\.rep\.googleapis\.com$/.exec(host)?.[1] ??
    /^([a-z0-9-]+)-aiplatform\.googleapis\.com$/.exec(host)?.[1]
  );
}
