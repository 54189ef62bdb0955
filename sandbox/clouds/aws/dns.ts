/** Zones and records of Route 53. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asString, knownString, type Properties } from "../../values.ts";
import { awsType, inUse, rangeProblems, refs, upperOf } from "./common.ts";

const R53_API = "https://docs.aws.amazon.com/Route53/latest/APIReference";
const RECORD = "aws:route53/record:Record";
const HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck";
const ZONE = "aws:route53/zone:Zone";

const zone = awsType({
  token: ZONE,
  global: true,
  id: (_, context) => `Z${upperOf(context, 20, "zone")}`,
  arn: (_, context) => `arn:aws:route53:::hostedzone/${context.id}`,
  taggable: true,
  defaults: { comment: "Managed by Pulumi", forceDestroy: false },
  replaceOn: ["name", "delegationSetId"],
  references: [
    {
      ...refs.vpc("vpcs[].vpcId"),
      refusal: (id) => `InvalidVPCId: The VPC: ${id} that you provided is not authorized`,
    },
  ],
  name: {
    property: "name",
    pattern: /^(?:[a-z0-9_*-]{1,63}\.)*[a-z0-9-]{1,63}\.?$/i,
    allowed: "labels of up to 63 letters, digits, _ and -, with dots between them",
    maxLength: 255,
    source: `${R53_API}/API_CreateHostedZone.html`,
  },
  check: zoneProblems,
  inUse: [
    inUse(
      RECORD,
      "zoneId",
      (id, user) =>
        `HostedZoneNotEmpty: The specified hosted zone contains non-required resource record sets and so cannot be deleted: ${id} has ${user}`,
      { counts: (zone) => zone.inputs.forceDestroy !== true },
    ),
  ],
  outputs: (inputs, context) => {
    const nameServers = asList(inputs.vpcs).length > 0 ? [] : zoneServers(context);
    return {
      zoneId: context.id,
      name: String(inputs.name).replace(/\.$/, ""),
      nameServers,
      primaryNameServer: nameServers[0] ?? "",
      enableAcceleratedRecovery: inputs.enableAcceleratedRecovery ?? false,
    };
  },
});

/** A public zone has four name servers, one in each of four top-level domains. */
function zoneServers(context: Context): string[] {
  return ["com", "net", "org", "co.uk"].map((domain, index) => {
    const digits = context.hex(4, `server ${domain}`);
    const number = Number.parseInt(digits.slice(0, 4), 16);
    return `ns-${(number % 512) + 512 * index}.awsdns-${String(number % 64).padStart(2, "0")}.${domain}`;
  });
}

const record = awsType({
  token: RECORD,
  global: true,
  id: (inputs) =>
    [inputs.zoneId, String(inputs.name).toLowerCase(), inputs.type, inputs.setIdentifier]
      .filter((part) => part !== undefined)
      .join("_"),
  // What it already set there is set anew; whether it may is asked before.
  overwrites: true,
  // Type and set identifier too are changed in place: the provider deletes and makes in one batch.
  replaceOn: ["zoneId", "name"],
  references: [
    refs.zone("zoneId"),
    {
      path: "healthCheckId",
      types: [HEALTH_CHECK],
      refusal: (id) => `NoSuchHealthCheck: No health check exists with the specified ID: ${id}`,
    },
  ],
  check: recordProblems,
  refuse: recordRefusals,
  outputs: (inputs, context) => ({
    fqdn: qualified(String(inputs.name), asString(context.find(ZONE, inputs.zoneId)?.outputs.name) ?? ""),
    allowOverwrite: inputs.allowOverwrite ?? false,
  }),
});

export const dnsTypes: readonly ResourceType[] = [zone, record];

/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html */
function zoneProblems({ comment, delegationSetId, name, vpcs }: Properties): Problem[] {
  const problems: Problem[] = [];
  if (name === undefined) {
    const reason = "InvalidInput: the zone has no name";
    problems.push({ property: "name", kind: "required", reason, fix: "Give the domain that it answers for" });
  }
  if (delegationSetId !== undefined && asList(vpcs).length > 0) {
    const reason = "InvalidInput: a private zone has no delegation set";
    problems.push({ property: "delegationSetId", reason, fix: "Leave it out, or make the zone public" });
  }
  const text = knownString(comment);
  if (text === undefined || text.length <= 256) return problems;
  const reason = `InvalidInput: the comment is ${text.length} characters long; at most 256 are allowed`;
  return [...problems, { property: "comment", reason, fix: "Shorten it" }];
}

const recordTypes = "A AAAA CAA CNAME DS HTTPS MX NAPTR NS PTR SOA SPF SRV SSHFP SVCB TLSA TXT".split(" ");

const routingPolicies = [
  "cidrRoutingPolicy",
  "failoverRoutingPolicies",
  "geolocationRoutingPolicies",
  "geoproximityRoutingPolicy",
  "latencyRoutingPolicies",
  "multivalueAnswerRoutingPolicy",
  "weightedRoutingPolicies",
];

/** The provider: exactly one of `records` and `aliases`; `ttl` with `records`; an identifier with a routing policy. */
function recordProblems(inputs: Properties): Problem[] {
  const problems: Problem[] = [];
  const given = ["records", "aliases"].filter((key) => inputs[key] !== undefined);
  if (given.length !== 1) {
    const reason = `InvalidInput: one of records and aliases must be given, ${given.length === 0 ? "neither" : "both"} is`;
    problems.push({ property: "records", kind: "required", reason, fix: "Give one of them" });
  } else if (given[0] === "records" && inputs.ttl === undefined) {
    const reason = "InvalidInput: ttl must be given with records";
    problems.push({ property: "ttl", kind: "required", reason, fix: "Give the seconds that resolvers may keep it" });
  }
  return [...problems, ...policyProblems(inputs), ...valueProblems(inputs)];
}

function policyProblems(inputs: Properties): Problem[] {
  const problems: Problem[] = rangeProblems("ttl", inputs.ttl, [0, 2_147_483_647]);
  const type = knownString(inputs.type);
  if (type !== undefined && !recordTypes.includes(type)) {
    const reason = `InvalidInput: there is no record type ${type}`;
    problems.push({ property: "type", reason, fix: `Choose one of ${recordTypes.join(", ")}` });
  }
  const policies = routingPolicies.filter((key) => inputs[key] !== undefined);
  if (policies.length > 1) {
    const reason = `InvalidInput: a record has one routing policy, given are ${policies.join(", ")}`;
    problems.push({ property: policies[1] ?? "", reason, fix: "Give one of them" });
  }
  if (policies.length > 0 && inputs.setIdentifier === undefined) {
    const reason = `InvalidInput: ${policies[0]} needs a setIdentifier`;
    const fix = "Tell the records of the name apart by one";
    problems.push({ property: "setIdentifier", kind: "required", reason, fix });
  }
  return problems;
}

const octet = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const ipv4 = new RegExp(`^${octet}(\\.${octet}){3}$`);

function valueProblems({ records, type }: Properties): Problem[] {
  const values = asList(records);
  if (type === "CNAME" && values.length > 1) {
    const reason = `InvalidChangeBatch: a CNAME record leads to one name, not to ${values.length}`;
    return [{ property: "records", reason, fix: "Give one name" }];
  }
  return values.flatMap((value, index) => {
    const text = knownString(value);
    if (type !== "A" || text === undefined || ipv4.test(text)) return [];
    const reason = `InvalidChangeBatch: Value is not a valid IPv4 address, encountered with '${text}'`;
    return [{ property: `records[${index}]`, reason, fix: "Give an IPv4 address" }];
  });
}

/** A record is in its zone once, and a CNAME neither at its top nor beside others. */
function recordRefusals(inputs: Properties, context: Context): Problem[] {
  const found = context.find(ZONE, inputs.zoneId);
  if (found === undefined) return [];
  const zoneName = asString(found.outputs.name) ?? "";
  const name = qualified(String(inputs.name), zoneName).toLowerCase();
  const problem = (property: string, why: string, fix: string): Problem => ({
    property,
    reason: `InvalidChangeBatch: ${why}`,
    fix,
  });
  const here = context
    .all(RECORD)
    .filter(({ id, outputs }) => id !== context.id && outputs.zoneId === inputs.zoneId)
    .filter(({ outputs }) => String(outputs.fqdn).toLowerCase() === name);
  const same = here.some(
    ({ outputs }) => outputs.type === inputs.type && outputs.setIdentifier === inputs.setIdentifier,
  );
  const types = [inputs.type, ...here.map(({ outputs }) => outputs.type)];
  const problems: Problem[] = [];
  if (inputs.type === "CNAME" && name === zoneName) {
    const why = `RRSet of type CNAME with DNS name ${name}. is not permitted at apex in zone ${zoneName}`;
    problems.push(problem("name", why, "Use an alias, or a name below the zone's"));
  }
  if (same && inputs.allowOverwrite !== true && context.before === undefined) {
    const why = `Tried to create resource record set [name='${name}.', type='${inputs.type}'] but it already exists`;
    problems.push({ ...problem("name", why, "Choose another name, or set allowOverwrite"), kind: "name" });
  }
  if (types.includes("CNAME") && types.some((type) => type !== "CNAME")) {
    const why = `RRSet of type CNAME with DNS name ${name}. conflicts with other records of that name`;
    problems.push(problem("type", why, "Use another name, or take the others away"));
  }
  return problems;
}

function qualified(name: string, zoneName: string): string {
  const plain = name.replace(/\.$/, "");
  if (plain === "" || plain === "@") return zoneName;
  return plain === zoneName || plain.endsWith(`.${zoneName}`) ? plain : `${plain}.${zoneName}`;
}
