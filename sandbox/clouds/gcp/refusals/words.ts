/** How the rows of the refusal table are written. */
import type { DocumentedRefusal, NoSuchRule, RefusalRow } from "../../../cloud.ts";
import { codeOf, type Reason } from "../answers.ts";
import { API_OFF_PAGE } from "../apis.ts";
import { REGIONS_PAGE } from "../places.ts";

/** A rule, by the reason with which Google refuses and the page that states it. */
export function says(reason: Reason, source: string): DocumentedRefusal {
  return { code: codeOf(reason), source };
}

export function none(why: string): NoSuchRule {
  return { none: why };
}

const REGISTRY = "https://www.pulumi.com/registry/packages/gcp/api-docs";

type Inputs = Pick<RefusalRow, "required" | "immutable">;

/** What every type of an API has: inputs that are needed (the API's reference says which), and inputs that stay. */
const inputsOf =
  (needed: Reason, fixed: Reason, reference: string) =>
  (page: string, provider: string): Inputs => ({
    required: says(needed, `${reference}/${page}`),
    immutable: says(fixed, `${REGISTRY}/${provider}/`),
  });

export const COMPUTE = "https://cloud.google.com/compute/docs/reference/rest/v1";
export const compute = inputsOf("required", "invalid", COMPUTE);
export const dns = inputsOf("required", "invalid", "https://cloud.google.com/dns/docs/reference/rest/v1");
export const storage = inputsOf("required", "invalid", "https://cloud.google.com/storage/docs/json_api/v1");
/** The APIs that came later answer with one reason for whatever is wrong with a request. */
export const later = (reference: string) => inputsOf("badRequest", "badRequest", reference);

/** Names of Compute Engine's resources. */
export const computeName = says("invalid", "https://cloud.google.com/compute/docs/naming-resources");

export const inRegions = says("invalid", REGIONS_PAGE);

/** What needs only that its API is on. */
export const apiOnly = says("accessNotConfigured", API_OFF_PAGE);

/** A grant is one role for somebody on something: the same rules everywhere. */
export const grant = (page: string, provider: string): Omit<RefusalRow, "placement"> => ({
  required: says("badRequest", page),
  immutable: says("badRequest", `${REGISTRY}/${provider}/`),
  reference: says("badRequest", "https://cloud.google.com/iam/docs/principal-identifiers"),
  name: none("a grant has no name: it is its role and its member"),
  limit: says("badRequest", "https://cloud.google.com/iam/docs/reference/rest/v1/Policy"),
  inUse: none("a grant can always be taken back"),
});
