/** What the sandbox's AWS refuses of names and certificates. */
import { accepted } from "../../support/refusals-aws.ts";
import {
  CERTIFICATE,
  connect,
  keptBy,
  loadBalancer,
  refusedBy,
  set,
  twice,
  without,
  ZONE,
} from "../../support/refusals-aws-bench.ts";
import { type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const RECORD = "aws:route53/record:Record";
const HEALTH = "aws:route53/healthCheck:HealthCheck";
const VALIDATION = "aws:acm/certificateValidation:CertificateValidation";

const refused: RefusedTypes = {
  [ZONE]: [
    refusedBy("name", "a name with a blank", set({ name: "ai example.com" }), "InvalidDomainName", "name"),
    refusedBy(
      "reference",
      "a VPC that is not there",
      set({ vpcs: [{ vpcId: "vpc-00000000000000000" }] }),
      "InvalidVPCId",
      "vpcs[0].vpcId",
    ),
    refusedBy("immutable", "another name", set({ name: "ml.example.com" }), "InvalidInput", "name"),
    keptBy(
      "a record is in it",
      ({ make }, { id }) => make(RECORD, { zoneId: id, name: "www", type: "A", ttl: 60, records: ["192.0.2.1"] }),
      "HostedZoneNotEmpty",
      "contains non-required resource record sets",
    ),
  ],
  [RECORD]: [
    refusedBy("reference", "a zone that is not there", set({ zoneId: "ZNONE" }), "NoSuchHostedZone", "zoneId"),
    twice(RECORD, "a record twice", "InvalidChangeBatch", "but it already exists"),
    refusedBy(
      "limit",
      "an address that is none",
      set({ records: ["192.0.2.256"] }),
      "InvalidChangeBatch",
      "records[0]",
    ),
    refusedBy(
      "limit",
      "an alias of the whole zone",
      set({ name: "ai.example.com", type: "CNAME", records: ["example.com"] }),
      "InvalidChangeBatch",
      "not permitted at apex",
    ),
    {
      kind: "limit",
      when: "an alias beside an address",
      first: ({ make }, inputs) => make(RECORD, { ...inputs, type: "CNAME", records: ["example.com"] }, "alias"),
      code: "InvalidChangeBatch",
      says: "conflicts with other records",
    },
    refusedBy("required", "no seconds", without("ttl"), "InvalidInput", "ttl"),
    refusedBy("immutable", "another name", set({ name: "www.ai.example.com" }), "InvalidChangeBatch", "name"),
  ],
  [HEALTH]: [
    refusedBy("required", "nobody to ask", without("fqdn"), "InvalidInput", "fqdn"),
    refusedBy("limit", "a type that is none", set({ type: "PING" }), "InvalidInput", "type"),
    refusedBy(
      "placement",
      "from a region without checkers",
      set({ regions: ["eu-west-1", "us-east-1", "eu-north-1"] }),
      "InvalidInput",
      "eu-north-1",
    ),
    refusedBy(
      "reference",
      "a child that is not there",
      set({ type: "CALCULATED", childHealthchecks: ["none"] }),
      "InvalidInput",
      "childHealthchecks[0]",
    ),
    refusedBy("immutable", "another type", set({ type: "HTTP" }), "InvalidInput", "type"),
  ],
  [CERTIFICATE]: [
    refusedBy(
      "name",
      "a dot at its end",
      set({ domainName: "gateway.ai.example.com." }),
      "InvalidParameterException",
      "domainName",
    ),
    refusedBy("required", "no proof", without("validationMethod"), "InvalidParameterException", "validationMethod"),
    refusedBy(
      "limit",
      "an algorithm that is none",
      set({ keyAlgorithm: "RSA_8192" }),
      "InvalidParameterException",
      "EC_prime256v1",
    ),
    refusedBy(
      "immutable",
      "another name",
      set({ domainName: "other.example.com" }),
      "InvalidParameterException",
      "domainName",
    ),
    keptBy(
      "a load balancer ends TLS with it",
      (bench, { properties }) => loadBalancer(bench, "ssl-cert", String(properties.arn)),
      "ResourceInUseException",
      "gateway",
    ),
  ],
  [VALIDATION]: [
    refusedBy(
      "reference",
      "a certificate that is not there",
      set({ certificateArn: "arn:aws:acm:eu-west-1:111122223333:certificate/none" }),
      "ResourceNotFoundException",
      "certificateArn",
    ),
    refusedBy(
      "reference",
      "another record",
      set({ validationRecordFqdns: ["www.example.com"] }),
      "InvalidDomainValidationOptionsException",
      "missing DNS validation record",
    ),
    refusedBy("required", "no certificate", without("certificateArn"), "InvalidArnException", "certificateArn"),
    refusedBy(
      "immutable",
      "other records",
      set({ validationRecordFqdns: [] }),
      "InvalidParameterException",
      "validationRecordFqdns",
    ),
  ],
};

testRefused({ package: "aws", accepted, refused, connect });
