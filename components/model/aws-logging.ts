import * as bedrockmodel from "@pulumi/aws/bedrockmodel/index.js";
import * as cloudwatch from "@pulumi/aws/cloudwatch/index.js";
import * as iam from "@pulumi/aws/iam/index.js";
import * as pulumi from "@pulumi/pulumi";
import { partitionOf, policyDocument, serviceTrust } from "../aws.ts";
import { buildOwnKey } from "../aws-key.ts";
import { guarded } from "../guard.ts";
import type { Location } from "../plan/types.ts";

export interface InvocationLoggingArgs {
  readonly location: Location;
  /** Keep what was logged, and its key, against deletion. */
  readonly protect: boolean;
  readonly logRetentionDays: number;
  readonly tags: Record<string, string>;
}

/**
 * What Bedrock is asked and what it answers in this region, in a log group under a key of its own. It holds prompts: who
 * reads it needs the group and the key. AWS has one such setting for all callers of an account and region, so two
 * stacks there overwrite each other's.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html
 */
export function buildInvocationLogging(
  name: string,
  args: InvocationLoggingArgs,
  opts: { readonly parent: pulumi.Resource },
) {
  const { location, tags } = args;
  const key = buildOwnKey(
    name,
    { description: `Prompts and answers logged by ${name}`, policy: keyPolicy(location), protect: args.protect, tags },
    opts,
  );
  const group = new cloudwatch.LogGroup(
    name,
    { retentionInDays: args.logRetentionDays, kmsKeyId: key.arn, tags },
    guarded(opts.parent, args.protect),
  );
  const role = new iam.Role(
    name,
    { assumeRolePolicy: serviceTrust("bedrock.amazonaws.com", location.account), tags },
    opts,
  );
  const permission = new iam.RolePolicy(
    name,
    {
      role: role.name,
      policy: policyDocument({
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: pulumi.interpolate`${group.arn}:log-stream:aws/bedrock/modelinvocations`,
      }),
    },
    opts,
  );
  new bedrockmodel.InvocationLoggingConfiguration(
    name,
    {
      loggingConfig: {
        cloudwatchConfig: { logGroupName: group.name, roleArn: role.arn },
        textDataDeliveryEnabled: true,
        // CloudWatch takes neither, and there is no bucket for them.
        imageDataDeliveryEnabled: false,
        embeddingDataDeliveryEnabled: false,
        videoDataDeliveryEnabled: false,
      },
    },
    { ...opts, dependsOn: permission },
  );
}

/**
 * This account's policies decide, and CloudWatch may use it for this region's log groups of this account.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
function keyPolicy({ account, region }: Location): pulumi.Output<string> {
  const partition = partitionOf(region);
  return policyDocument(
    {
      Effect: "Allow",
      Principal: { AWS: `arn:${partition}:iam::${account}:root` },
      Action: "kms:*",
      Resource: "*",
    },
    {
      Effect: "Allow",
      Principal: { Service: `logs.${region}.amazonaws.com` },
      Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
      Resource: "*",
      Condition: {
        ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:${partition}:logs:${region}:${account}:log-group:*` },
      },
    },
  );
}
