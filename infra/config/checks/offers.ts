import type { Offer } from "../../../components/plan/catalogue.ts";
import type { Problem } from "../../../components/plan/problem.ts";
import type { Cloud } from "../../../components/plan/types.ts";
import type { ResolvedPath, ResolvedWorkload, StackInput } from "../resolve.ts";

/** What an offer of the catalogue has to say before a path can be built on it. */
interface Needed {
  readonly key: "id" | "foundationModel" | "version" | "sku" | "publisher";
  readonly fits: (value: string | null | undefined) => boolean;
  readonly message: string;
  readonly allowed: string;
}

const said = (value: string | null | undefined): value is string =>
  value !== null && value !== undefined && value !== "";

/** A wildcard would open more than the one model. */
const bedrockId = /^[a-z0-9][a-zA-Z0-9.:_-]*$/;
const wrongId = {
  message: "Bedrock has no id of this form",
  allowed: "one like vendor.model-name-v1:0, without a wildcard",
};

const needs: Readonly<Record<Cloud, readonly Needed[]>> = {
  azure: [
    {
      key: "publisher",
      fits: (value) => value === "OpenAI",
      message: "the account that is built in Azure deploys OpenAI's models only",
      allowed: "OpenAI",
    },
    {
      key: "version",
      fits: said,
      message: "without a version Azure changes the model when it likes",
      allowed: "the version that the path was tested with",
    },
    {
      key: "sku",
      fits: (value) => said(value) && !value.includes("Provisioned"),
      message: "the SKU decides where inference happens, and capacity here is counted in tokens a minute",
      allowed: "a Standard one, such as DataZoneStandard",
    },
  ],
  aws: [
    { key: "id", fits: (value) => said(value) && bedrockId.test(value), ...wrongId },
    { key: "foundationModel", fits: (value) => !said(value) || bedrockId.test(value), ...wrongId },
  ],
  gcp: [
    {
      key: "publisher",
      fits: said,
      message: "Vertex files models under their publishers",
      allowed: "the publisher's name there, such as google",
    },
  ],
};

/** Each offer that a path uses says what its cloud has to be told. */
export function checkOffers(input: StackInput, workloads: readonly ResolvedWorkload[]): Problem[] {
  const used = new Map<Offer, ResolvedPath>();
  for (const path of workloads.flatMap(({ paths }) => paths)) {
    if (path.offer !== undefined && path.entry.serving === "managed" && !used.has(path.offer))
      used.set(path.offer, path);
  }
  return [...used].flatMap(([offer, path]) => offerProblems(input, offer, path));
}

function offerProblems(
  input: StackInput,
  offer: Offer,
  { entry, location, offers, workload }: ResolvedPath,
): Problem[] {
  if (location === undefined) return [];
  const path = ["models", entry.model, "clouds", location.cloud, offers.indexOf(offer)];
  return needs[location.cloud].flatMap(({ key, fits, message, allowed }) => {
    const value = offer[key];
    if (fits(value)) return [];
    return [
      {
        file: input.files.models,
        path: [...path, key],
        ...(value === undefined ? {} : { value }),
        message: `${message}; ${workload} uses this`,
        allowed,
        fix: "write it, with its source",
      },
    ];
  });
}
