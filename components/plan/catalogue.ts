import { z } from "zod";
import { acceleratorNames } from "../accelerator/choose.ts";
import { modalities } from "./words.ts";

/** models.yaml and images.yaml: facts, each with its source and date. A null is something that no source states. */

const date = z.iso.date().meta({ examples: ["2026-10-07", "2028-12-31"] });
const sourced = { source: z.string().min(1), date };
const price = z.number().min(0).nullable();

const offer = z.strictObject({
  id: z.string().min(1).describe("The model as this cloud names it."),
  version: z.string().nullable().optional(),
  scope: z.string().min(1).describe("Where inference may happen: a geography, `global`, or a region."),
  regions: z.array(z.string()).nullable().optional().describe("Where it can be called from; null: no source says."),
  sku: z.string().optional().describe("Azure: the deployment SKU that gives this scope."),
  profile: z.string().optional().describe("AWS: the system inference profile."),
  foundationModel: z.string().optional().describe("AWS: the model behind the profile."),
  profileRegions: z.array(z.string()).nullable().optional().describe("AWS: every region that the profile may use."),
  publisher: z.string().optional().describe("Whose name the cloud files it under."),
  api: z.enum(["AzureOpenAI", "OpenAI", "AWSBedrock", "AWSAnthropic", "GCPVertexAI", "GCPAnthropic"]),
  role: z.string().optional(),
  kind: z.string().optional(),
  usdPerMillionInputTokens: price,
  usdPerMillionOutputTokens: price,
  retires: date.nullable(),
  note: z.string().optional(),
  ...sourced,
});

const throughput = z.strictObject({
  accelerator: z.enum(acceleratorNames),
  acceleratorsPerReplica: z.number().int().positive(),
  outputTokensPerSecond: z.number().positive(),
  atConcurrency: z.number().int().positive().nullable().optional(),
  inputTokens: z.number().int().positive().nullable().optional(),
  outputTokensBench: z.number().int().positive().nullable().optional(),
  note: z.string().optional(),
  ...sourced,
});

const selfHosted = z.strictObject({
  weights: z.strictObject({
    repository: z.string(),
    revision: z.string().nullable(),
    sizeGiB: z.number().positive().nullable(),
    note: z.string().optional(),
    ...sourced,
  }),
  servedName: z.string(),
  minGpuMemoryGiB: z.number().positive().nullable(),
  quantisation: z.string().nullable(),
  toolCallParser: z.string().optional().describe("vLLM's parser of its tool calls."),
  throughput: z.array(throughput),
  startSeconds: z
    .strictObject({ load: z.number().positive().nullable(), note: z.string().optional(), ...sourced })
    .nullable(),
  note: z.string().optional(),
  ...sourced,
});

const model = z.strictObject({
  vendor: z.string(),
  weights: z.enum(["open", "closed"]),
  licence: z.string(),
  capabilities: z.strictObject({
    contextTokens: z.number().int().positive(),
    maxOutputTokens: z.number().int().positive().nullable(),
    tools: z.boolean(),
    structuredOutput: z.boolean(),
    streaming: z.boolean(),
    modalities: z.array(z.enum(modalities)).min(1),
  }),
  clouds: z.strictObject({ azure: z.array(offer), aws: z.array(offer), gcp: z.array(offer) }),
  selfHosted: selfHosted.optional(),
  note: z.string().optional(),
  ...sourced,
});

export const modelsFile = z.strictObject({
  snapshot: z.strictObject({ date, source: z.string(), sha256: z.string().nullable(), note: z.string().optional() }),
  models: z.record(z.string(), model),
});

const lock = { digest: z.string().nullable(), note: z.string().optional(), ...sourced };

export const imagesFile = z.strictObject({
  images: z.record(z.string(), z.strictObject({ repository: z.string(), tag: z.string(), ...lock })),
  charts: z.record(z.string(), z.strictObject({ repository: z.string(), version: z.string(), ...lock })),
  weights: z
    .record(z.string(), z.strictObject({ repository: z.string(), revision: z.string().nullable(), ...lock }))
    .default({}),
});

export type Models = z.infer<typeof modelsFile>;
export type ModelEntry = z.infer<typeof model>;
export type Offer = z.infer<typeof offer>;
export type Throughput = z.infer<typeof throughput>;
export type Images = z.infer<typeof imagesFile>;
