/** What can be wrong with a resource, in the words of the refusal table. */

/** The kinds of rule by which a cloud refuses something; the columns of the refusal table. */
export const refusalKinds = ["required", "immutable", "reference", "name", "placement", "limit", "inUse"] as const;

/**
 * - `required`: inputs that are missing, unknown or mistyped
 * - `immutable`: what cannot be changed in place
 * - `reference`: what must exist first
 * - `name`: how a name must look, and that nobody else has it
 * - `placement`: what a region, zone, SKU or tier offers
 * - `limit`: how large, how many, in which combination; quotas
 * - `inUse`: what keeps it from being deleted
 */
export type RefusalKind = (typeof refusalKinds)[number];

/** The code with which a cloud refuses by a kind of rule, and the page of the vendor that states the rule. */
export interface DocumentedRefusal {
  readonly code: string;
  readonly source: string;
}

/** Why a cloud has no such rule for a type. */
export interface NoSuchRule {
  readonly none: string;
}

/** The row of a type in the refusal table: no cell is empty. */
export type RefusalRow = Readonly<Record<RefusalKind, DocumentedRefusal | NoSuchRule>>;

/** One thing that is wrong with a resource. */
export interface Problem {
  /** Path of the property at fault, e.g. `subnetIds[1]`; "" for the resource as a whole. */
  readonly property: string;
  /** What is wrong and what is allowed; begins with the cloud's error code where it is not that of the row. */
  readonly reason: string;
  /** By which kind of rule. Default: what finds it says so, else `limit` */
  readonly kind?: RefusalKind;
  /** What to do, a sentence. Default: the usual for the kind */
  readonly fix?: string;
  /** The vendor's page that states the rule. Default: that of the row */
  readonly source?: string;
}
