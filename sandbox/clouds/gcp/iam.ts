/** IAM members: one row for each kind of thing that has a policy. */
import type { Context, Problem, Reference, ResourceType } from "../../cloud.ts";
import { asObject, knownString, type Properties, valuesAt } from "../../values.ts";
import { wrong } from "./answers.ts";
import { etagOf, gcpType } from "./common.ts";
import type { Offer } from "./places.ts";

interface IamTarget {
  readonly token: string;
  /** What the id begins with: the thing whose policy it is. */
  readonly target: (inputs: Properties, context: Context) => string;
  /** Inputs that say which thing. */
  readonly targetInputs: readonly string[];
  readonly references?: readonly Reference[];
  readonly project?: false;
  readonly place?: "location";
  /** See {@link GcpType}. */
  readonly offer?: Offer;
  /** What this thing's policy refuses beyond what every policy does. */
  readonly refuse?: (inputs: Properties, context: Context) => readonly Problem[];
  /** `member` for one, `members` for all of a role. Default: `member` */
  readonly many?: true;
}

/** A grant of one role. Granting it again is no error. https://cloud.google.com/iam/docs/reference/rest/v1/Policy */
export function iamType(target: IamTarget): ResourceType {
  const { token, targetInputs, references = [], many, refuse } = target;
  const subject = many ? [] : ["member"];
  return gcpType({
    token,
    ...(target.project === undefined ? {} : { project: target.project }),
    ...(target.place === undefined ? {} : { place: target.place }),
    ...(target.offer === undefined ? {} : { offer: target.offer }),
    id: (inputs, context) =>
      [
        target.target(inputs, context),
        inputs.role,
        ...subject.map((key) => inputs[key]),
        asObject(inputs.condition).title,
      ]
        .filter((part) => part !== undefined)
        .join("/"),
    overwrites: true,
    replaceOn: [...targetInputs, "role", ...subject, "condition"],
    references,
    check: (inputs) => [...memberProblems(inputs), ...roleProblems(inputs), ...conditionProblems(inputs)],
    refuse: (inputs, context) => [...strangers(inputs, context), ...(refuse?.(inputs, context) ?? [])],
    outputs: (_, context) => ({ etag: etagOf(context) }),
  });
}

const membersOf = (inputs: Properties) => [...valuesAt(inputs, "member"), ...valuesAt(inputs, "members[]")];

/** https://cloud.google.com/iam/docs/principal-identifiers */
const PRINCIPAL =
  /^(allUsers|allAuthenticatedUsers|(user|serviceAccount|group|domain|projectOwner|projectEditor|projectViewer|deleted:\w+):.+|principal(Set)?:\/\/.+)$/;

const PRINCIPALS_PAGE = "https://cloud.google.com/iam/docs/principal-identifiers";

function memberProblems(inputs: Properties): Problem[] {
  return membersOf(inputs).flatMap(({ path, value }) => {
    const member = knownString(value);
    if (member === undefined || PRINCIPAL.test(member)) return [];
    const fix = "Put the kind first, as serviceAccount:<email>, user:<email> or principal://iam.googleapis.com/…";
    return [wrong(path, "badRequest", `Invalid member "${member}"`, { fix, source: PRINCIPALS_PAGE })];
  });
}

function roleProblems(inputs: Properties): Problem[] {
  const role = knownString(inputs.role);
  if (role === undefined || /^((projects|organizations)\/[^/]+\/)?roles\/[\w.]+$/.test(role)) return [];
  const fix = "Write roles/<name>, or projects/<project>/roles/<name>";
  return [wrong("role", "badRequest", `Role ${role} is not valid`, { fix })];
}

const basicRoles = ["roles/owner", "roles/editor", "roles/viewer"];
const everybody = ["allUsers", "allAuthenticatedUsers"];

/** https://cloud.google.com/iam/docs/conditions-overview */
function conditionProblems(inputs: Properties): Problem[] {
  if (inputs.condition === undefined) return [];
  const isBasic = basicRoles.includes(String(inputs.role));
  const isForAll = membersOf(inputs).some(({ value }) => everybody.includes(String(value)));
  if (!isBasic && !isForAll) return [];
  const text = `${isBasic ? "Basic roles" : "Grants to everybody"} can't have conditions`;
  const source = "https://cloud.google.com/iam/docs/conditions-overview";
  return [wrong("condition", "badRequest", text, { fix: "Take a narrower role, or leave the condition out", source })];
}

/** Members and custom roles that do not exist; IAM refuses the whole policy because of them. */
function strangers(inputs: Properties, context: Context): Problem[] {
  const members = membersOf(inputs).flatMap(({ path, value }) => {
    const text = strangerText(String(value), context);
    return text === undefined ? [] : [wrong(path, "badRequest", text, { kind: "reference" })];
  });
  const role = String(inputs.role);
  const isCustom = role.startsWith("projects/");
  const isThere = context.find("gcp:projects/iAMCustomRole:IAMCustomRole", role) !== undefined;
  if (!isCustom || isThere) return members;
  return [...members, wrong("role", "badRequest", `Role ${role} does not exist.`, { kind: "reference" })];
}

function strangerText(member: string, context: Context): string | undefined {
  const email = /^serviceAccount:([a-z][a-z0-9-]{4,28}[a-z0-9]@(?!gcp-sa-)[a-z0-9-]+\.iam\.gserviceaccount\.com)$/.exec(
    member,
  )?.[1];
  // Service agents (service-<number>@…) are Google's own.
  if (email !== undefined && !/^service-\d+@/.test(email)) {
    const found = context.find("gcp:serviceaccount/account:Account", email, "email");
    return found === undefined ? `Service account ${email} does not exist.` : undefined;
  }
  const pool = /\/workloadIdentityPools\/([^/]+)\//.exec(member)?.[1];
  if (pool === undefined || hasPool(pool, context)) return undefined;
  return (
    `Identity Pool does not exist (${pool}). Please check that you specified a valid resource name ` +
    "as returned in the `name` attribute in the configuration API."
  );
}

/** A pool that was made, or the one that a project has from its first GKE cluster with workload identity on. */
function hasPool(pool: string, context: Context): boolean {
  const types = ["gcp:iam/workloadIdentityPool:WorkloadIdentityPool", "gcp:container/cluster:Cluster"];
  return context.find(types, pool, "pool") !== undefined;
}
