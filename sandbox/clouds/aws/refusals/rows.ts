/** What the rows of the refusal table share: pages, and the codes with which a service refuses by kind. */
import type { DocumentedRefusal, NoSuchRule, RefusalRow } from "../../../cloud.ts";

/** Rows of one service, by type token. */
export type Rows = Readonly<Record<string, RefusalRow>>;

const DOCS = "https://docs.aws.amazon.com";
export const pages = {
  acm: `${DOCS}/acm/latest/APIReference`,
  bedrock: `${DOCS}/bedrock/latest/APIReference`,
  bedrockGuide: `${DOCS}/bedrock/latest/userguide`,
  ec2: `${DOCS}/AWSEC2/latest/APIReference`,
  ec2Errors: `${DOCS}/AWSEC2/latest/APIReference/errors-overview.html`,
  ecr: `${DOCS}/AmazonECR/latest/APIReference`,
  ecrGuide: `${DOCS}/AmazonECR/latest/userguide`,
  eks: `${DOCS}/eks/latest/APIReference`,
  eksGuide: `${DOCS}/eks/latest/userguide`,
  iam: `${DOCS}/IAM/latest/APIReference`,
  iamGuide: `${DOCS}/IAM/latest/UserGuide`,
  kms: `${DOCS}/kms/latest/APIReference`,
  kmsGuide: `${DOCS}/kms/latest/developerguide`,
  logs: `${DOCS}/AmazonCloudWatchLogs/latest/APIReference`,
  route53: `${DOCS}/Route53/latest/APIReference`,
  s3Errors: `${DOCS}/AmazonS3/latest/API/ErrorResponses.html`,
  s3Guide: `${DOCS}/AmazonS3/latest/userguide`,
  secrets: `${DOCS}/secretsmanager/latest/apireference`,
  vpcGuide: `${DOCS}/vpc/latest/userguide`,
} as const;

/** The provider's page of a type, where each property says whether its change replaces: `ec2/vpc`. */
export function providerPage(type: string): string {
  return `https://www.pulumi.com/registry/packages/aws/api-docs/${type.toLowerCase()}/`;
}

export const refused = (code: string, source: string): DocumentedRefusal => ({ code, source });
export const none = (why: string): NoSuchRule => ({ none: why });

/** A fixed input: the code with which the service answers what it has no way to do, and the provider's page of the type. */
export const fixed = (code: string, type: string): DocumentedRefusal => refused(code, providerPage(type));

/** Codes of the EC2 API: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
export const ec2 = (code: string): DocumentedRefusal => refused(code, pages.ec2Errors);

/** Codes of an EKS call, which its page lists. */
export const eks = (code: string, call: string): DocumentedRefusal => refused(code, `${pages.eks}/API_${call}.html`);
export const iam = (code: string, call: string): DocumentedRefusal => refused(code, `${pages.iam}/API_${call}.html`);
export const ecr = (code: string, call: string): DocumentedRefusal => refused(code, `${pages.ecr}/API_${call}.html`);
export const kms = (code: string, call: string): DocumentedRefusal => refused(code, `${pages.kms}/API_${call}.html`);
export const r53 = (code: string, call: string): DocumentedRefusal =>
  refused(code, `${pages.route53}/API_${call}.html`);
export const acm = (code: string, call: string): DocumentedRefusal => refused(code, `${pages.acm}/API_${call}.html`);
export const s3 = (code: string): DocumentedRefusal => refused(code, pages.s3Errors);
export const bedrock = (code: string, call: string): DocumentedRefusal =>
  refused(code, `${pages.bedrock}/API_${call}.html`);
