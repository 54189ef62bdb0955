import { z } from "zod";
import { geographies } from "../../components/plan/regions.ts";
import { domains, modalities, roles, servings, standbys, tiers, workloadTypes } from "../../components/plan/types.ts";

/**
 * The stack files, as people write them. Here is what can be said of one value alone; what needs a
 * fact (does the region exist, is the range private) is checked in ./checks.
 */

const nameOf = (longest: number) =>
  z
    .string()
    .regex(
      new RegExp(`^(?=.{2,${longest}}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$`),
      `a name: lower-case letters and digits, single hyphens between them, 2 to ${longest} long`,
    );
const name = nameOf(31);
/** A GKE cluster's name has 40 characters; "-cluster-control" and what Pulumi puts behind take 24 of them. */
const locationName = nameOf(16);
/** A GCP key's name has 63; a location's name, "-weights-objects" and what Pulumi puts behind leave so much. */
const workloadName = nameOf(22);
const text = z.string().min(1);
const count = z.number().int().min(0);
const date = z.iso.date().meta({ examples: ["2027-06-30", "2024-12-31"] });
const mailbox = z.email().meta({ examples: ["team@example.com"] });
const share = z.number().min(0).max(1);

const traffic = z.strictObject({
  peakRequestsPerSecond: z.number().positive().describe("Requests a second at the busiest."),
  inputTokens: z.number().int().positive().describe("Mean tokens of one request."),
  outputTokens: z.number().int().positive().describe("Mean tokens of one answer."),
  fallbackShare: share.describe("Part of the peak that each fallback must carry, 0 to 1."),
});

const replicas = z.strictObject({ min: count, max: count.min(1) });

const recovery = z.strictObject({
  timeObjectiveSeconds: z.number().int().positive().describe("How long callers may wait after the primary is lost."),
  drillEveryDays: z.number().int().positive().describe("Oldest age of a fallback's drill."),
});

const path = z.strictObject({
  role: z.enum(roles),
  location: locationName.describe("A name under twocloud:locations of the environment."),
  serving: z.enum(servings),
  model: name.describe("A name in models.yaml."),
  contract: name.describe("A name in contracts.yaml."),
  standby: z.enum(standbys).optional().describe("Of a fallback; a managed path is always hot."),
  accelerator: text.optional().describe("Of a self-hosted path: a name in the accelerator catalogue."),
  replicas: replicas.optional().describe("Of a self-hosted path: model servers running, and at most."),
  tokensPerMinute: z
    .number()
    .int()
    .positive()
    .optional()
    .describe("Of a managed path: the quota that the account has."),
});

export const workload = z.strictObject({
  type: z.enum(workloadTypes),
  tier: z.enum(tiers),
  domain: z.enum(domains),
  requires: z.strictObject({
    contextTokens: z.number().int().positive(),
    tools: z.boolean().default(false),
    structuredOutput: z.boolean().default(false),
    streaming: z.boolean().default(false),
    modalities: z.array(z.enum(modalities)).min(1).default(["text"]),
  }),
  traffic,
  residency: z.enum(geographies).describe("Geography that requests may be processed in; eu is the European Union."),
  paths: z.array(path).min(1),
  recovery,
  human: z.strictObject({
    owner: mailbox.describe("Mailbox of the team that owns it."),
    override: z.boolean().describe("A person can overrule or switch it off."),
    degradedMode: text.describe("What happens to users when every path is down."),
  }),
  decision: text.describe("The document that says why it is served so."),
});

export const workloadsFile = z.record(workloadName, workload);

const availability = z.strictObject({
  target: z.number().gt(0).lt(100),
  windowDays: z.number().int().positive(),
  good: text,
});
const latency = z.strictObject({
  timeToFirstTokenP95Seconds: z.number().positive().optional(),
  timePerOutputTokenP95Seconds: z.number().positive().optional(),
  durationP95Seconds: z.number().positive().optional(),
  completionHours: z.number().positive().optional(),
});
const cost = z.strictObject({
  maxUsdPerMillionOutputTokens: z.number().positive(),
  monthlyCapUsd: z.number().positive(),
  alertAt: z.array(share).min(1),
});
const quality = z.strictObject({ suite: name, minScore: share, maxRegression: share });
const security = z.strictObject({
  maxCredentialAgeHours: z.number().positive(),
  guardrailCoverage: share,
  maxDeniedRequestRate: share,
  maxUnpatchedImageDays: z.number().int().positive(),
});

/** Every type needs all five; which latency fields, infra/config/checks/slos.ts says. */
export const slo = z.strictObject({ availability, latency, cost, quality, security });
export const slosFile = z.partialRecord(z.enum(workloadTypes), slo);

const waiver = z.strictObject({
  rule: text.describe("Name of the rule, as docs/policies.md has it."),
  workload: workloadName.describe("The workload that is exempted."),
  resource: text
    .optional()
    .describe(
      "Logical name of the one resource; needed where several workloads share it, or where a rule sees no other.",
    ),
  environments: z.array(text).min(1).optional().describe("Stacks in which it holds; default: all."),
  owner: mailbox.describe("Who answers for it."),
  reason: z.string().min(20).describe("Why, in a sentence."),
  expires: date.describe("Last day on which it holds."),
});

/** Exemptions from the policy pack. */
export const waiversFile = z.strictObject({ waivers: z.array(waiver) });

/** What accounts were granted, by the cloud's own name of the quota: for the whole account, or for each region. */
const granted = z.number().int().min(0);
export const quotasFile = z.record(text, z.record(text, z.union([granted, z.record(text, granted)])));

export const contractsFile = z.record(
  name,
  z.strictObject({
    vendor: text,
    kind: text,
    domain: z.enum(domains),
    start: date,
    end: date.nullable(),
    noticeDays: count.nullable(),
    owner: mailbox,
    note: text.optional(),
  }),
);

/** Its form is checked with its meaning, in infra/config/checks/addresses.ts. */
const cidr = text.meta({ examples: ["10.20.0.0/16", "172.16.0.0/16", "192.168.0.0/16"] });
const guid = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "a GUID in lower case: 01234567-89ab-cdef-0123-456789abcdef")
  .meta({ examples: ["01234567-89ab-cdef-0123-456789abcdef"] });
const place = { region: text, zones: z.array(text).min(1), cidr };

const location = z.discriminatedUnion("cloud", [
  z.strictObject({ cloud: z.literal("azure"), subscription: guid, tenant: guid, ...place }),
  z.strictObject({
    cloud: z.literal("aws"),
    account: z
      .string()
      .regex(/^\d{12}$/, "twelve digits in quotes")
      .meta({ examples: ["012345678901"] }),
    ...place,
  }),
  z.strictObject({
    cloud: z.literal("gcp"),
    project: z
      .string()
      .regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, "a project id: 6 to 30 lower-case letters, digits and hyphens")
      .meta({ examples: ["example-project"] }),
    projectNumber: z
      .string()
      .regex(/^\d{6,14}$/, "the project's number in quotes")
      .meta({ examples: ["012345678901"] }),
    accessPolicy: z
      .string()
      .regex(/^\d+$/, "the access policy's number in quotes")
      .meta({ examples: ["0123456789"] })
      .optional()
      .describe("Of the organisation; its service perimeter closes Vertex against all but the gateways."),
    ...place,
  }),
]);

const https = z.url({ protocol: /^https$/ }).meta({ examples: ["https://login.example.com"] });
const dnsName = z
  .string()
  .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, "a DNS name: ai.example.com")
  .meta({ examples: ["ai.example.com"] });

const override = z.strictObject({
  traffic: traffic.partial().optional(),
  recovery: recovery.partial().optional(),
  paths: z
    .record(
      locationName,
      z.strictObject({
        replicas: replicas.partial().optional(),
        standby: z.enum(standbys).optional(),
        tokensPerMinute: z.number().int().positive().optional(),
      }),
    )
    .optional(),
});

export const environments = ["dev", "staging", "prod"] as const;

/** Of an EKS cluster: https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html */
const mostRunners = 40;

const overlay = z.strictObject({
  environment: z.enum(environments).describe("Decides size, redundancy and protection: components/plan/profiles.ts."),
  locations: z
    .record(locationName, location)
    .refine((found) => Object.keys(found).length > 0, "there is no location here"),
  access: z.strictObject({
    runnerCidrs: z.array(cidr).min(1).max(mostRunners).describe("From where Pulumi reaches the API servers."),
    clientCidrs: z.array(cidr).min(1).describe("From where applications reach the gateways."),
    clientIssuers: z
      .array(z.strictObject({ name, issuer: https, jwksUri: https, audience: text }))
      .min(1)
      .describe("Who signs the tokens that applications present."),
  }),
  entry: z.strictObject({
    contact: mailbox.describe("Mailbox that certificate authorities write to."),
    zones: z
      .array(z.strictObject({ name: dnsName, location: locationName }))
      .min(1)
      .describe("DNS zones, one in each gateway's cloud."),
  }),
  overrides: z.record(workloadName, override).default({}),
  tags: z.record(z.string(), z.string()).default({}),
});

/** Pulumi puts a project's name before its keys. */
export const prefix = "twocloud:";

const prefixed = Object.entries(overlay.shape).map(([key, schema]) => [`${prefix}${key}`, schema]);

/**
 * An environment's file, Pulumi.<environment>.yaml: what the program reads, under `config`, and the keys of Pulumi's own
 * that can stand beside it. Settings of other packages (`aws:region`) are left out before it is checked.
 */
export const environmentFile = z.strictObject({
  config: z.strictObject(
    Object.fromEntries(prefixed) as {
      [K in keyof typeof overlay.shape as `${typeof prefix}${K}`]: (typeof overlay.shape)[K];
    },
  ),
  secretsprovider: z.string().optional(),
  encryptedkey: z.string().optional(),
  encryptionsalt: z.string().optional(),
  environment: z.unknown().optional(),
});

export type EnvironmentFile = z.infer<typeof environmentFile>;
export type WorkloadEntry = z.infer<typeof workload>;
export type SloEntry = z.infer<typeof slo>;
export type LocationEntry = z.infer<typeof location>;
export type Overlay = z.infer<typeof overlay>;
export type Workloads = z.infer<typeof workloadsFile>;
export type Slos = z.infer<typeof slosFile>;
export type Contracts = z.infer<typeof contractsFile>;
export type WaiverEntry = z.infer<typeof waiver>;
