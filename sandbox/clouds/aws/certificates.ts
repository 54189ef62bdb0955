/** Certificates of ACM, and what asks whether something answers. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, knownString, type Properties } from "../../values.ts";
import { arnOf, awsType, heldByLoadBalancers, rangeProblems, uuidOf } from "./common.ts";

const HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck";
const CERTIFICATE = "aws:acm/certificate:Certificate";

const healthCheck = awsType({
  token: HEALTH_CHECK,
  global: true,
  id: (_, context) => uuidOf(context, "health check"),
  arn: (_, context) => `arn:aws:route53:::healthcheck/${context.id}`,
  taggable: true,
  defaults: { measureLatency: false },
  replaceOn: ["type", "requestInterval", "measureLatency", "referenceName", "routingControlArn"],
  references: [
    {
      path: "childHealthchecks[]",
      types: [HEALTH_CHECK],
      refusal: (id) => `InvalidInput: the child health check ${id} does not exist`,
    },
  ],
  check: healthProblems,
});

const certificate = awsType({
  token: CERTIFICATE,
  id: (_, context) => arnOf("acm", `certificate/${uuidOf(context, "certificate")}`, context),
  arn: (_, context) => arnOf("acm", `certificate/${uuidOf(context, "certificate")}`, context),
  taggable: true,
  replaceOn: [
    "domainName",
    "subjectAlternativeNames",
    "validationMethod",
    "validationOptions",
    "keyAlgorithm",
    "certificateAuthorityArn",
  ],
  check: certificateProblems,
  inUse: heldByLoadBalancers(
    (id, user) => `ResourceInUseException: Certificate ${id} is in use: the load balancer of ${user} ends TLS with it`,
  ),
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
      types: [CERTIFICATE],
      refusal: (arn) => `ResourceNotFoundException: Could not find certificate ${arn}.`,
    },
  ],
  refuse: proofRefusals,
});

export const certificateTypes: readonly ResourceType[] = [healthCheck, certificate, certificateValidation];

const healthTypes = "HTTP HTTPS HTTP_STR_MATCH HTTPS_STR_MATCH TCP CALCULATED CLOUDWATCH_METRIC RECOVERY_CONTROL".split(
  " ",
);
const checkers = "us-east-1 us-west-1 us-west-2 eu-west-1 ap-southeast-1 ap-southeast-2 ap-northeast-1 sa-east-1".split(
  " ",
);

/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html */
function healthProblems(inputs: Properties): Problem[] {
  const problems: Problem[] = [
    ...rangeProblems("failureThreshold", inputs.failureThreshold, [1, 10]),
    ...rangeProblems("port", inputs.port, [1, 65_535]),
  ];
  const refuse = (property: string, kind: "required" | "limit" | "placement", why: string, fix: string): void => {
    problems.push({ property, kind, reason: `InvalidInput: ${why}`, fix });
  };
  const type = knownString(inputs.type);
  if (type === undefined) return problems;
  const asks = /^(HTTP|TCP)/.test(type);
  if (!healthTypes.includes(type)) {
    refuse("type", "limit", `there is no health check type ${type}`, `Choose one of ${healthTypes.join(", ")}`);
  }
  if (asks && inputs.fqdn === undefined && inputs.ipAddress === undefined) {
    refuse("fqdn", "required", `a ${type} check needs whom to ask`, "Give fqdn or ipAddress");
  }
  if (type.endsWith("_STR_MATCH") !== (inputs.searchString !== undefined)) {
    refuse(
      "searchString",
      "limit",
      `searchString belongs to the types …_STR_MATCH, not to ${type}`,
      "Give both or none",
    );
  }
  if (asks && inputs.requestInterval !== undefined && ![10, 30].includes(Number(inputs.requestInterval))) {
    refuse("requestInterval", "limit", `requestInterval is ${inputs.requestInterval}`, "Give 10 or 30 seconds");
  }
  const regions = asList(inputs.regions).map(String);
  const strange = regions.filter((region) => !checkers.includes(region));
  if (strange.length > 0) {
    refuse("regions", "placement", `no checkers are in ${strange.join(", ")}`, `Choose among ${checkers.join(", ")}`);
  } else if (regions.length > 0 && regions.length < 3) {
    refuse("regions", "placement", `${regions.length} regions are too few`, "Give three at least, or leave them out");
  }
  return problems;
}

const keyAlgorithms = "RSA_1024 RSA_2048 RSA_3072 RSA_4096 EC_prime256v1 EC_secp384r1 EC_secp521r1".split(" ");
const domain = /^(\*\.)?((?!-)[a-z0-9-]{0,62}[a-z0-9]\.)+(?!-)[a-z0-9-]{1,62}[a-z0-9]$/i;

/** https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html */
function certificateProblems(inputs: Properties): Problem[] {
  const problems: Problem[] = [];
  const refuse = (property: string, kind: "required" | "name" | "limit", why: string, fix: string): void => {
    problems.push({ property, kind, reason: `InvalidParameterException: ${why}`, fix });
  };
  const { certificateAuthorityArn, domainName, keyAlgorithm, privateKey, validationMethod } = inputs;
  if (domainName === undefined && privateKey === undefined && inputs.privateKeyWo === undefined) {
    refuse(
      "domainName",
      "required",
      "neither a domain to ask for nor a certificate to import is given",
      "Give domainName",
    );
  }
  if (domainName !== undefined && validationMethod === undefined && certificateAuthorityArn === undefined) {
    refuse("validationMethod", "required", "nothing says how the domain is proved", 'Give validationMethod "DNS"');
  }
  const method = knownString(validationMethod);
  if (method !== undefined && !["DNS", "EMAIL", "HTTP"].includes(method)) {
    refuse("validationMethod", "limit", `there is no validation method ${method}`, "Choose DNS or EMAIL");
  }
  const algorithm = knownString(keyAlgorithm);
  if (algorithm !== undefined && !keyAlgorithms.includes(algorithm)) {
    refuse(
      "keyAlgorithm",
      "limit",
      `there is no key algorithm ${algorithm}`,
      `Choose one of ${keyAlgorithms.join(", ")}`,
    );
  }
  const others = asList(inputs.subjectAlternativeNames);
  const named = [
    ["domainName", domainName],
    ...others.map((name, index) => [`subjectAlternativeNames[${index}]`, name]),
  ];
  for (const [property, value] of named) {
    const name = knownString(value);
    if (name === undefined || (name.length <= 253 && domain.test(name))) continue;
    refuse(
      String(property),
      "name",
      `"${name}" is no domain name`,
      "Give a name as gateway.example.com, no dot at its end",
    );
  }
  return problems;
}

/** Names that prove a certificate must be those that it asks for. */
function proofRefusals(inputs: Properties, context: Context): Problem[] {
  const certificate = context.find(CERTIFICATE, inputs.certificateArn, "arn")?.outputs;
  const plain = (name: unknown) => String(name).replace(/\.$/, "").toLowerCase();
  const wanted = asList(certificate?.domainValidationOptions).map((option) =>
    plain(asObject(option).resourceRecordName),
  );
  const given = asList(inputs.validationRecordFqdns).map(plain);
  if (certificate === undefined || given.length === 0) return [];
  const property = "validationRecordFqdns";
  if (wanted.length === 0) {
    const reason =
      "InvalidDomainValidationOptionsException: validationRecordFqdns is for certificates that are validated by DNS";
    return [{ property, reason, fix: "Leave them out" }];
  }
  const missing = wanted.filter((name) => !given.includes(name));
  if (missing.length === 0) return [];
  const reason = `InvalidDomainValidationOptionsException: missing DNS validation record of ${certificate.domainName}: ${missing.join(", ")}`;
  return [{ property, kind: "reference", reason, fix: "Make a record of each domainValidationOptions first" }];
}
