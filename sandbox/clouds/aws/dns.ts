/** Route 53 and certificates. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, asString, type Properties } from "../../values.ts";
import { arnOf, awsType, refs, upperOf, uuidOf } from "./common.ts";

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
  references: [refs.vpc("vpcs[].vpcId")],
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
  token: "aws:route53/record:Record",
  global: true,
  id: (inputs) =>
    [inputs.zoneId, String(inputs.name).toLowerCase(), inputs.type, inputs.setIdentifier]
      .filter((part) => part !== undefined)
      .join("_"),
  replaceOn: ["zoneId", "name", "type", "setIdentifier"],
  references: [
    refs.zone("zoneId"),
    {
      path: "healthCheckId",
      types: [HEALTH_CHECK],
      refusal: (id) => `NoSuchHealthCheck: No health check exists with the specified ID: ${id}`,
    },
  ],
  check: recordProblems,
  outputs: (inputs, context) => ({
    fqdn: qualified(String(inputs.name), asString(context.find(ZONE, inputs.zoneId)?.outputs.name) ?? ""),
    allowOverwrite: inputs.allowOverwrite ?? false,
  }),
});

const healthCheck = awsType({
  token: HEALTH_CHECK,
  global: true,
  id: (_, context) => uuidOf(context, "health check"),
  arn: (_, context) => `arn:aws:route53:::healthcheck/${context.id}`,
  taggable: true,
  defaults: { measureLatency: false },
  replaceOn: ["type", "requestInterval", "measureLatency", "referenceName", "routingControlArn"],
});

function qualified(name: string, zoneName: string): string {
  const plain = name.replace(/\.$/, "");
  if (plain === "" || plain === "@") return zoneName;
  return plain === zoneName || plain.endsWith(`.${zoneName}`) ? plain : `${plain}.${zoneName}`;
}

/** The provider: exactly one of `records` and `aliases`; `ttl` with `records`. */
function recordProblems(inputs: Properties): Problem[] {
  const given = ["records", "aliases"].filter((key) => inputs[key] !== undefined);
  if (given.length !== 1) {
    const reason = `one of records and aliases must be given, ${given.length === 0 ? "neither" : "both"} is`;
    return [{ property: "records", reason }];
  }
  if (given[0] === "records" && inputs.ttl === undefined) {
    return [{ property: "ttl", reason: "ttl must be given with records" }];
  }
  return [];
}

const certificate = awsType({
  token: "aws:acm/certificate:Certificate",
  id: (_, context) => arnOf("acm", `certificate/${uuidOf(context, "certificate")}`, context),
  arn: (_, context) => arnOf("acm", `certificate/${uuidOf(context, "certificate")}`, context),
  taggable: true,
  replaceOn: ["domainName", "subjectAlternativeNames", "validationMethod", "keyAlgorithm", "certificateAuthorityArn"],
  outputs: (inputs, context) => {
    const names = [inputs.domainName, ...asList(inputs.subjectAlternativeNames)].filter((name) => name !== undefined);
    const distinct = [...new Set(names.map(String))];
    return {
      keyAlgorithm: inputs.keyAlgorithm ?? "RSA_2048",
      subjectAlternativeNames: distinct,
      options: { certificateTransparencyLoggingPreference: "ENABLED", ...asObject(inputs.options) },
      domainValidationOptions:
        inputs.validationMethod === "DNS" ? distinct.map((name) => validation(name, context)) : [],
      renewalEligibility: "INELIGIBLE",
      pendingRenewal: false,
      status: "PENDING_VALIDATION",
      type: "AMAZON_ISSUED",
      validationEmails: [],
    };
  },
});

function validation(domainName: string, context: Context): Properties {
  const base = domainName.replace(/^\*\./, "");
  return {
    domainName,
    resourceRecordName: `_${context.hex(32, `validation name ${base}`)}.${base}.`,
    resourceRecordType: "CNAME",
    resourceRecordValue: `_${context.hex(32, `validation value ${base}`)}.acm-validations.aws.`,
  };
}

const certificateValidation = awsType({
  token: "aws:acm/certificateValidation:CertificateValidation",
  /** The time at which the certificate was issued. */
  id: (inputs, context) => `${context.createdAt} ${String(inputs.certificateArn).slice(-12)}`,
  replaceOn: ["certificateArn", "validationRecordFqdns"],
  references: [
    {
      path: "certificateArn",
      by: "arn",
      types: ["aws:acm/certificate:Certificate"],
      refusal: (arn) => `ResourceNotFoundException: Could not find certificate ${arn}.`,
    },
  ],
});

export const dnsTypes: readonly ResourceType[] = [zone, record, healthCheck, certificate, certificateValidation];
