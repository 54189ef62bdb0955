/** IAM members: one row for each kind of thing that has a policy. */
import type { Context, Problem, Reference, ResourceType } from "../../cloud.ts";
import { asObject, knownString, type Properties, valuesAt } from "../../values.ts";
import { etagOf, gcpType } from "./common.ts";

interface IamTarget {
  readonly token: string;
  /** What the id begins with: the thing whose policy it is. */
  readonly target: (inputs: Properties, context: Context) => string;
  /** Inputs that say which thing. */
  readonly targetInputs: readonly string[];
  readonly references?: readonly Reference[];
  readonly project?: false;
  readonly place?: "location";
  /** `member` for one, `members` for all of a role. Default: `member` */
  readonly many?: true;
}

/** A grant of one role. Granting it again is no error. https://cloud.google.com/iam/docs/reference/rest/v1/Policy */
export function iamType(target: IamTarget): ResourceType {
  const { token, targetInputs, references = [], many } = target;
  const subject = many ? [] : ["member"];
  return gcpType({
    token,
    ...(target.project === undefined ? {} : { project: target.project }),
    ...(target.place === undefined ? {} : { place: target.place }),
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
    check: (inputs) => [...memberProblems(inputs), ...roleProblems(inputs)],
    refuse: strangers,
    outputs: (_, context) => ({ etag: etagOf(context) }),
  });
}

const membersOf = (inputs: Properties) => [...valuesAt(inputs, "member"), ...valuesAt(inputs, "members[]")];

/** https://cloud.google.com/iam/docs/principal-identifiers */
const PRINCIPAL =
  /^(allUsers|allAuthenticatedUsers|(user|serviceAccount|group|domain|projectOwner|projectEditor|projectViewer|deleted:\w+):.+|principal(Set)?:\/\/.+)$/;

function memberProblems(inputs: Properties): Problem[] {
  return membersOf(inputs).flatMap(({ path, value }) => {
    const member = knownString(value);
    if (member === undefined || PRINCIPAL.test(member)) return [];
    const reason =
      `Error 400: Invalid member "${member}": the kind comes first, as serviceAccount:<email>, user:<email> or ` +
      "principal://iam.googleapis.com/… (https://cloud.google.com/iam/docs/principal-identifiers)";
    return [{ property: path, reason }];
  });
}

function roleProblems(inputs: Properties): Problem[] {
  const role = knownString(inputs.role);
  if (role === undefined || /^((projects|organizations)\/[^/]+\/)?roles\/[\w.]+$/.test(role)) return [];
  return [
    {
      property: "role",
      reason: `Error 400: Role ${role} is not valid: roles/<name> or projects/<project>/roles/<name>`,
    },
  ];
}

/** Members and custom roles that do not exist; IAM refuses the whole policy because of them. */
function strangers(inputs: Properties, context: Context): Problem[] {
  const members = membersOf(inputs).flatMap(({ path, value }) => {
    const reason = strangerReason(String(value), context);
    return reason === undefined ? [] : [{ property: path, reason }];
  });
  const role = String(inputs.role);
  const isCustom = role.startsWith("projects/");
  const isThere = context.find("gcp:projects/iAMCustomRole:IAMCustomRole", role) !== undefined;
  if (!isCustom || isThere) return members;
  return [...members, { property: "role", reason: `googleapi: Error 400: Role ${role} does not exist., badRequest` }];
}

function strangerReason(member: string, context: Context): string | undefined {
  const email = /^serviceAccount:([a-z][a-z0-9-]{4,28}[a-z0-9]@(?!gcp-sa-)[a-z0-9-]+\.iam\.gserviceaccount\.com)$/.exec(
    member,
  )?.[1];
  // Service agents (service-<number>@…) are Google's own.
  if (email !== undefined && !/^service-\d+@/.test(email)) {
    const found = context.find("gcp:serviceaccount/account:Account", email, "email");
    return found === undefined
      ? `googleapi: Error 400: Service account ${email} does not exist., badRequest`
      : undefined;
  }
  const pool = /\/workloadIdentityPools\/([^/]+)\//.exec(member)?.[1];
  if (pool === undefined || hasPool(pool, context)) return undefined;
  return (
    `googleapi: Error 400: Identity Pool does not exist (${pool}). Please check that you specified a valid resource name ` +
    "as returned in the `name` attribute in the configuration API., badRequest"
  );
}

/** A pool that was made, or the one that a project has from its first GKE cluster with workload identity on. */
function hasPool(pool: string, context: Context): boolean {
  const types = ["gcp:iam/workloadIdentityPool:WorkloadIdentityPool", "gcp:container/cluster:Cluster"];
  return context.find(types, pool, "pool") !== undefined;
}
