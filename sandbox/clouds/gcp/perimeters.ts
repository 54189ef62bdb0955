/** VPC Service Controls. https://cloud.google.com/access-context-manager/docs/reference/rest/v1/accessPolicies */
import type { Context, InUse, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, knownString, type Properties, valuesAt } from "../../values.ts";
import { parseBlock } from "../ipv4.ts";
import { answer, wrong } from "./answers.ts";
import { alone, etagOf, gcpType, ref } from "./common.ts";

const LEVEL = "gcp:accesscontextmanager/accessLevel:AccessLevel";
const PERIMETER = "gcp:accesscontextmanager/servicePerimeter:ServicePerimeter";
const INGRESS = "gcp:accesscontextmanager/servicePerimeterIngressPolicy:ServicePerimeterIngressPolicy";

/** Names inside an access policy: `accessPolicies/1234/accessLevels/gateways`. */
const policyName = (kind: string) => ({
  property: "name",
  pattern: new RegExp(`^accessPolicies/\\d+/${kind}/[A-Za-z][A-Za-z0-9_]{0,49}$`),
  allowed: `accessPolicies/<number>/${kind}/<at most 50 letters, digits and _, beginning with a letter>`,
  source: `https://cloud.google.com/access-context-manager/docs/reference/rest/v1/accessPolicies.${kind}`,
});

/** The access policy itself is the organisation's, and no program's. */
function parentProblems({ name, parent }: Properties): Problem[] {
  const [text, over] = [knownString(name), knownString(parent)];
  if (over === undefined) return [];
  if (!/^accessPolicies\/\d+$/.test(over)) {
    return [wrong("parent", "badRequest", `${over} is no access policy`, { fix: "Write accessPolicies/<number>" })];
  }
  if (text === undefined || text.startsWith(`${over}/`)) return [];
  const fix = `Begin the name with ${over}/`;
  return [wrong("name", "badRequest", `${text} does not lie in ${over}`, { kind: "name", fix })];
}

const levelUsers: InUse[] = [
  [PERIMETER, "status.accessLevels[]"],
  [PERIMETER, "status.ingressPolicies[].ingressFrom.sources[].accessLevel"],
  [INGRESS, "ingressFrom.sources[].accessLevel"],
].map(([by = "", path = ""]) => ({
  by,
  path,
  refusal: (id, user) => answer("badRequest", `Access level ${id} is referenced by the service perimeter ${user}.`),
}));

const accessLevel = gcpType({
  token: LEVEL,
  project: false,
  id: (inputs) => String(inputs.name),
  name: policyName("accessLevels"),
  unique: [alone(["name"], "world")],
  replaceOn: ["name", "parent"],
  check: (inputs) => [...parentProblems(inputs), ...kindProblems(inputs), ...rangeProblems(inputs)],
  inUse: levelUsers,
});

function kindProblems({ basic, custom }: Properties): Problem[] {
  if ((basic === undefined) !== (custom === undefined)) return [];
  const text = `an access level is basic or custom; ${basic === undefined ? "neither" : "both"} is given`;
  return [wrong("basic", "badRequest", text, { kind: "required", fix: "Give one of the two" })];
}

function rangeProblems(inputs: Properties): Problem[] {
  return valuesAt(inputs, "basic.conditions[].ipSubnetworks[]").flatMap(({ path, value }) => {
    const text = knownString(value);
    if (text === undefined || text.includes(":") || parseBlock(text.includes("/") ? text : `${text}/32`)) return [];
    const fix = "Write a public block without host bits";
    return [wrong(path, "badRequest", `${text} is not a valid CIDR block, or has host bits set`, { fix })];
  });
}

const levelRef = (path: string) => ref(path, LEVEL, { except: /^\*$/ });

const perimeter = gcpType({
  token: PERIMETER,
  project: false,
  id: (inputs) => String(inputs.name),
  name: policyName("servicePerimeters"),
  unique: [alone(["name"], "world")],
  defaults: { perimeterType: "PERIMETER_TYPE_REGULAR" },
  replaceOn: ["name", "parent", "perimeterType"],
  references: [
    levelRef("status.accessLevels[]"),
    levelRef("status.ingressPolicies[].ingressFrom.sources[].accessLevel"),
  ],
  check: (inputs) => [...parentProblems(inputs), ...memberProblems(inputs), ...bridgeProblems(inputs)],
  refuse: otherPerimeters,
  outputs: (_, context) => ({ createTime: context.createdAt, updateTime: context.createdAt }),
});

function memberProblems(inputs: Properties): Problem[] {
  const resources = valuesAt(inputs, "status.resources[]").flatMap(({ path, value }) => {
    const text = knownString(value);
    if (text === undefined || /^(projects\/\d+|\/\/compute\.googleapis\.com\/projects\/.+)$/.test(text)) return [];
    return [wrong(path, "badRequest", `${text} is not valid`, { fix: "Write projects/<project number>" })];
  });
  const services = valuesAt(inputs, "status.restrictedServices[]").flatMap(({ path, value }) => {
    const text = knownString(value);
    if (text === undefined || /^[a-z][a-z0-9-]*\.googleapis\.com$/.test(text)) return [];
    return [
      wrong(path, "badRequest", `${text} is no service that a perimeter restricts`, {
        fix: "Write <name>.googleapis.com",
      }),
    ];
  });
  return [...resources, ...services];
}

/** A bridge joins projects of perimeters; it restricts nothing itself. */
function bridgeProblems({ perimeterType, status }: Properties): Problem[] {
  if (perimeterType !== "PERIMETER_TYPE_BRIDGE") return [];
  const given = ["accessLevels", "restrictedServices"].filter((key) => asList(asObject(status)[key]).length > 0);
  return given.map((key) =>
    wrong(`status.${key}`, "badRequest", `a bridge perimeter has no ${key}`, {
      fix: "Leave it out, or make a regular perimeter",
    }),
  );
}

function otherPerimeters(inputs: Properties, context: Context): Problem[] {
  const others = context.all(PERIMETER).filter(({ id }) => id !== context.id);
  return valuesAt(inputs, "status.resources[]").flatMap(({ path, value }) => {
    const holder = others
      .filter(({ inputs: other }) => other.perimeterType === "PERIMETER_TYPE_REGULAR")
      .find((other) => asList(asObject(other.inputs.status).resources).includes(value));
    if (holder === undefined || inputs.perimeterType !== "PERIMETER_TYPE_REGULAR") return [];
    const text = `The resource '${value}' is already in the regular service perimeter ${holder.id}.`;
    return [wrong(path, "badRequest", text, { fix: "Take it out of that perimeter first" })];
  });
}

const ingress = gcpType({
  token: INGRESS,
  project: false,
  id: (inputs, context) => `${inputs.perimeter}/${context.hex(16, "ingress")}`,
  replaceOn: ["perimeter", "title"],
  references: [ref("perimeter", PERIMETER), levelRef("ingressFrom.sources[].accessLevel")],
  check: (inputs) => [...sourceProblems(inputs), ...targetProblems(inputs)],
  refuse: takenTitles,
  outputs: (inputs, context) => ({
    accessPolicyId: /\d+/.exec(knownString(inputs.perimeter) ?? "")?.[0] ?? "",
    etag: etagOf(context),
  }),
});

const aProject = /^projects\/\d+$/;

function sourceProblems(inputs: Properties): Problem[] {
  const policy = /^accessPolicies\/\d+\//.exec(knownString(inputs.perimeter) ?? "")?.[0];
  return asList(asObject(inputs.ingressFrom).sources).flatMap((source, index) => {
    const { accessLevel: level, resource } = asObject(source);
    const at = `ingressFrom.sources[${index}]`;
    const [name, from] = [knownString(level), knownString(resource)];
    if (policy !== undefined && name !== undefined && name !== "*" && !name.startsWith(policy)) {
      const text = `Access level ${name} is not of the perimeter's own access policy`;
      return [wrong(`${at}.accessLevel`, "badRequest", text, { fix: `Name a level of ${policy.slice(0, -1)}` })];
    }
    if (from === undefined || aProject.test(from) || from.startsWith("//compute.googleapis.com/projects/")) return [];
    const fix =
      "Write projects/<project number>, or //compute.googleapis.com/projects/<project>/global/networks/<name>";
    return [wrong(`${at}.resource`, "badRequest", `${from} is not valid`, { fix })];
  });
}

function targetProblems(inputs: Properties): Problem[] {
  return valuesAt(inputs, "ingressTo.resources[]").flatMap(({ path, value }) => {
    const text = knownString(value);
    if (text === undefined || text === "*" || aProject.test(text)) return [];
    return [
      wrong(path, "badRequest", `${text} is not valid`, { fix: "Write projects/<project number>, or * for all" }),
    ];
  });
}

/** A title is one rule's within its perimeter. */
function takenTitles({ perimeter: within, title }: Properties, context: Context): Problem[] {
  const twin = context
    .all(INGRESS)
    .find(({ id, inputs }) => id !== context.id && inputs.perimeter === within && inputs.title === title);
  if (title === undefined || twin === undefined) return [];
  return [wrong("title", "alreadyExists", `The perimeter has a rule '${title}' already`, { kind: "name" })];
}

export const perimeterTypes: readonly ResourceType[] = [accessLevel, perimeter, ingress];
