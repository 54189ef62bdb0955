/** The refusal table's rows of names, certificates and models. */
import { acm, bedrock, fixed, none, pages, type Rows, r53, refused } from "./rows.ts";

const everywhere = none("Route 53 is of the account, not of a region");
const validation = bedrock("ValidationException", "CreateGuardrail");

export const dnsRows: Rows = {
  "aws:route53/zone:Zone": {
    required: r53("InvalidInput", "CreateHostedZone"),
    immutable: fixed("InvalidInput", "route53/zone"),
    reference: r53("InvalidVPCId", "CreateHostedZone"),
    name: r53("InvalidDomainName", "CreateHostedZone"),
    placement: everywhere,
    limit: r53("InvalidInput", "CreateHostedZone"),
    inUse: r53("HostedZoneNotEmpty", "DeleteHostedZone"),
  },
  "aws:route53/record:Record": {
    required: r53("InvalidInput", "ChangeResourceRecordSets"),
    immutable: fixed("InvalidChangeBatch", "route53/record"),
    reference: r53("NoSuchHostedZone", "ChangeResourceRecordSets"),
    name: r53("InvalidChangeBatch", "ChangeResourceRecordSets"),
    placement: everywhere,
    limit: r53("InvalidChangeBatch", "ChangeResourceRecordSets"),
    inUse: none("a record goes whoever still asks for it"),
  },
  "aws:route53/healthCheck:HealthCheck": {
    required: r53("InvalidInput", "CreateHealthCheck"),
    immutable: fixed("InvalidInput", "route53/healthCheck"),
    reference: r53("InvalidInput", "HealthCheckConfig"),
    name: none("Route 53 gives a health check its id"),
    placement: r53("InvalidInput", "HealthCheckConfig"),
    limit: r53("InvalidInput", "CreateHealthCheck"),
    inUse: none("Route 53 deletes a health check that records still name: its code HealthCheckInUse is not in use"),
  },
  "aws:acm/certificate:Certificate": {
    required: acm("InvalidParameterException", "RequestCertificate"),
    immutable: fixed("InvalidParameterException", "acm/certificate"),
    reference: none("a certificate stands by itself; one of a private authority names what this sandbox does not hold"),
    name: acm("InvalidParameterException", "RequestCertificate"),
    placement: none("every region has ACM"),
    limit: acm("InvalidParameterException", "RequestCertificate"),
    inUse: acm("ResourceInUseException", "DeleteCertificate"),
  },
  "aws:acm/certificateValidation:CertificateValidation": {
    required: acm("InvalidArnException", "DescribeCertificate"),
    immutable: fixed("InvalidParameterException", "acm/certificateValidation"),
    reference: acm("ResourceNotFoundException", "DescribeCertificate"),
    name: none("it is the wait for a certificate, and has no name"),
    placement: none("it is where its certificate is"),
    limit: acm("InvalidDomainValidationOptionsException", "RequestCertificate"),
    inUse: none("nothing names it"),
  },
};

export const modelRows: Rows = {
  "aws:bedrock/guardrail:Guardrail": {
    required: validation,
    immutable: fixed("ValidationException", "bedrock/guardrail"),
    reference: bedrock("ResourceNotFoundException", "CreateGuardrail"),
    name: validation,
    placement: refused("ValidationException", `${pages.bedrockGuide}/guardrails-cross-region-support.html`),
    limit: bedrock("ValidationException", "CreateGuardrail"),
    inUse: none("a guardrail takes its versions along"),
  },
  "aws:bedrock/guardrailVersion:GuardrailVersion": {
    required: validation,
    immutable: fixed("ValidationException", "bedrock/guardrailVersion"),
    reference: bedrock("ResourceNotFoundException", "CreateGuardrailVersion"),
    name: none("Bedrock counts the versions of a guardrail"),
    placement: none("a version is where its guardrail is"),
    limit: bedrock("ValidationException", "CreateGuardrailVersion"),
    inUse: none("nothing that this sandbox holds names a version"),
  },
  "aws:bedrock/inferenceProfile:InferenceProfile": {
    required: validation,
    immutable: fixed("ValidationException", "bedrock/inferenceProfile"),
    reference: bedrock("ValidationException", "InferenceProfileModelSource"),
    name: bedrock("ValidationException", "CreateInferenceProfile"),
    placement: bedrock("ValidationException", "CreateInferenceProfile"),
    limit: bedrock("ValidationException", "CreateInferenceProfile"),
    inUse: none("a profile goes whoever still calls models through it"),
  },
  "aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration": {
    required: bedrock("ValidationException", "PutModelInvocationLoggingConfiguration"),
    immutable: fixed("ValidationException", "bedrockmodel/invocationLoggingConfiguration"),
    reference: bedrock("ValidationException", "PutModelInvocationLoggingConfiguration"),
    name: none("a region of an account has one such setting, and it has no name"),
    placement: refused("ValidationException", `${pages.bedrockGuide}/model-invocation-logging.html`),
    limit: none("its switches go together in every way"),
    inUse: none("nothing names a setting"),
  },
};
