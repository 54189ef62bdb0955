/** What belongs to a project as a whole: its policy, its roles, its audit trail, its APIs, what its organisation rules. */
import type { Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, knownString, type Properties, valuesAt } from "../../values.ts";
import { oneOf, wrong } from "./answers.ts";
import { SERVICE } from "./apis.ts";
import { alone, etagOf, gcpType, projectOf } from "./common.ts";
import { iamType } from "./iam.ts";

const projectMember = iamType({
  token: "gcp:projects/iAMMember:IAMMember",
  target: (inputs) => String(inputs.project),
  targetInputs: ["project"],
});

const customRole = gcpType({
  token: "gcp:projects/iAMCustomRole:IAMCustomRole",
  id: (inputs, context) => `projects/${projectOf(inputs, context)}/roles/${inputs.roleId}`,
  name: {
    property: "roleId",
    pattern: /^[a-zA-Z0-9_.]+$/,
    allowed: "letters, digits, _ and .",
    minLength: 3,
    maxLength: 64,
    source: "https://cloud.google.com/iam/docs/creating-custom-roles",
    auto: { separator: "", transform: (name) => name.replaceAll("-", "") },
  },
  // A deleted role keeps its id for weeks, but the provider undeletes it, so that the id is as good as free.
  unique: [alone(["roleId"], "scope")],
  defaults: { stage: "GA" },
  replaceOn: ["roleId"],
  check: (inputs) => [...permissionProblems(inputs), ...oneOf("stage", inputs.stage, stages, "badRequest")],
  outputs: (inputs, context) => ({
    name: `projects/${projectOf(inputs, context)}/roles/${inputs.roleId}`,
    deleted: false,
  }),
});

const stages = ["ALPHA", "BETA", "GA", "DEPRECATED", "DISABLED", "EAP"];

function permissionProblems(inputs: Properties): Problem[] {
  return valuesAt(inputs, "permissions[]").flatMap(({ path, value }) => {
    const permission = knownString(value);
    if (permission === undefined || /^[a-z][\w-]*\.[\w-]+\.[\w-]+$/i.test(permission)) return [];
    const fix = "Write <service>.<resource>.<verb>, without wildcards";
    return [wrong(path, "badRequest", `Permission ${permission} is not valid`, { fix })];
  });
}

const auditConfig = gcpType({
  token: "gcp:projects/iAMAuditConfig:IAMAuditConfig",
  id: (inputs) => `${inputs.project}/audit_config/${inputs.service}`,
  overwrites: true,
  replaceOn: ["project", "service"],
  check: (inputs) => [
    ...auditedServiceProblems(inputs),
    ...valuesAt(inputs, "auditLogConfigs[].logType").flatMap(({ path, value }) =>
      oneOf(path, value, ["ADMIN_READ", "DATA_READ", "DATA_WRITE"], "badRequest"),
    ),
  ],
  outputs: (_, context) => ({ etag: etagOf(context) }),
});

const host = /^[a-z][a-z0-9-]*\.googleapis\.com$/;

function auditedServiceProblems({ service }: Properties): Problem[] {
  const text = knownString(service);
  if (text === undefined || text === "allServices" || host.test(text)) return [];
  const fix = "Write <name>.googleapis.com, or allServices";
  return [wrong("service", "badRequest", `Service ${text} is not one that can be audited`, { fix })];
}

const service = gcpType({
  token: SERVICE,
  id: (inputs, context) => `${projectOf(inputs, context)}/${inputs.service}`,
  overwrites: true,
  defaults: { disableOnDestroy: false },
  replaceOn: ["service"],
  check: (inputs) => {
    const text = knownString(inputs.service);
    if (text === undefined || host.test(text)) return [];
    const said = `SERVICE_CONFIG_NOT_FOUND_OR_PERMISSION_DENIED: Not found or permission denied for service(s): ${text}.`;
    return [wrong("service", "forbidden", said, { kind: "reference", fix: "Write <name>.googleapis.com" })];
  },
});

const policy = gcpType({
  token: "gcp:orgpolicy/policy:Policy",
  project: false,
  id: (inputs) => String(inputs.name),
  name: {
    property: "name",
    pattern: /^(projects|folders|organizations)\/[^/]+\/policies\/[\w.]+$/,
    allowed: "projects/<project>/policies/<constraint>, or the same of a folder or organisation",
    source: "https://cloud.google.com/resource-manager/docs/reference/orgpolicy/rest/v2/projects.policies",
  },
  unique: [alone(["name"], "world")],
  replaceOn: ["name", "parent"],
  check: (inputs) => [...parentProblems(inputs), ...ruleProblems(inputs)],
  outputs: (_, context) => ({ etag: etagOf(context) }),
});

function parentProblems({ name, parent }: Properties): Problem[] {
  const [text, over] = [knownString(name), knownString(parent)];
  if (text === undefined || over === undefined || text.startsWith(`${over}/policies/`)) return [];
  const fix = `Begin the name with ${over}/policies/`;
  return [wrong("name", "badRequest", `Policy ${text} does not lie in ${over}`, { kind: "name", fix })];
}

const says = ["allowAll", "denyAll", "enforce", "values"] as const;

/** Each rule says one thing. */
function ruleProblems(inputs: Properties): Problem[] {
  return ["spec", "dryRunSpec"].flatMap((spec) =>
    asList(asObject(inputs[spec]).rules).flatMap((rule, index) => {
      const given = says.filter((key) => asObject(rule)[key] !== undefined);
      if (given.length === 1) return [];
      const text = `a rule says one of ${says.join(", ")}; ${given.join(" and ") || "none of them"} is given`;
      return [wrong(`${spec}.rules[${index}]`, "badRequest", text, { fix: "Write a rule for each" })];
    }),
  );
}

export const projectTypes: readonly ResourceType[] = [projectMember, customRole, auditConfig, service, policy];
