/** What the sandbox's AWS refuses of keys, registries, logs and secrets. */
import { accepted } from "../../support/refusals-aws.ts";
import {
  cluster,
  connect,
  document,
  inCluster,
  KEY,
  keptBy,
  lifecycle,
  NODES,
  nodesIn,
  REPOSITORY,
  refusedBy,
  set,
  twice,
  untagged,
  without,
} from "../../support/refusals-aws-bench.ts";
import { type Bench, type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const ALIAS = "aws:kms/alias:Alias";
const RULE = "aws:ecr/pullThroughCacheRule:PullThroughCacheRule";
const ACCESS = "aws:ecr/repositoryPolicy:RepositoryPolicy";
const LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy";
const LOGS = "aws:cloudwatch/logGroup:LogGroup";
const SECRET = "aws:secretsmanager/secret:Secret";

const noKey = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000";

/** Inputs with a key that is switched off. */
const withDisabledKey =
  (place: (arn: unknown) => object) =>
  async (inputs: object, { make }: Bench) => ({
    ...inputs,
    ...place((await make(KEY, { isEnabled: false }, "disabled")).properties.arn),
  });
const encryptedWith = (kmsKey: unknown) => ({ encryptionConfigurations: [{ encryptionType: "KMS", kmsKey }] });

const nobody = document({
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:role/none" },
  Action: "kms:*",
  Resource: "*",
});

const refused: RefusedTypes = {
  [KEY]: [
    refusedBy("limit", "a window of a day", set({ deletionWindowInDays: 1 }), "ValidationError", "from 7 to 30"),
    refusedBy(
      "limit",
      "rotation of a key for signing",
      set({ customerMasterKeySpec: "ECC_NIST_P256", keyUsage: "SIGN_VERIFY" }),
      "UnsupportedOperationException",
      "enableKeyRotation",
    ),
    refusedBy(
      "limit",
      "encryption with a key for signing",
      set({ customerMasterKeySpec: "HMAC_256", enableKeyRotation: false }),
      "ValidationError",
      "GENERATE_VERIFY_MAC",
    ),
    refusedBy(
      "reference",
      "a principal that is not there",
      set({ policy: nobody }),
      "MalformedPolicyDocumentException",
      "policy",
    ),
    refusedBy(
      "immutable",
      "another use",
      set({ keyUsage: "SIGN_VERIFY" }),
      "UnsupportedOperationException",
      "keyUsage",
    ),
  ],
  [ALIAS]: [
    refusedBy("reference", "a key that is not there", set({ targetKeyId: noKey }), "NotFoundException", "targetKeyId"),
    refusedBy("name", "a name of AWS's", set({ name: "alias/aws/data" }), "InvalidAliasNameException", "name"),
    twice(ALIAS, "a name twice", "AlreadyExistsException", "alias/data"),
    refusedBy("immutable", "another name", set({ name: "alias/other" }), "UnsupportedOperationException", "name"),
    {
      kind: "limit",
      when: "the fifty-first of a key",
      first: async ({ make }, { targetKeyId }) => {
        for (let nth = 1; nth <= 50; nth++) await make(ALIAS, { name: `alias/n${nth}`, targetKeyId }, `n${nth}`);
      },
      code: "LimitExceededException",
      says: "has 50 aliases",
    },
  ],
  [REPOSITORY]: [
    refusedBy("name", "a name in capitals", set({ name: "Team/Image" }), "InvalidParameterException", "name"),
    twice(REPOSITORY, "a name twice", "RepositoryAlreadyExistsException", "team/image"),
    refusedBy("reference", "a key that is not there", set(encryptedWith(noKey)), "KmsException", "kmsKey"),
    {
      kind: "limit",
      when: "a key that is disabled",
      change: withDisabledKey(encryptedWith),
      code: "KmsException",
      says: "is disabled",
    },
    refusedBy(
      "limit",
      "tags of no kind",
      set({ imageTagMutability: "FIXED" }),
      "InvalidParameterException",
      "IMMUTABLE",
    ),
    refusedBy(
      "immutable",
      "another encryption",
      set(encryptedWith(noKey)),
      "InvalidParameterException",
      "encryptionConfigurations",
    ),
    keptBy(
      "a pod runs from it",
      async (bench, { properties }) => {
        const { held, subnetIds } = await cluster(bench);
        await bench.make(NODES, await nodesIn(bench, subnetIds));
        const metadata = { name: "gateway", namespace: "default" };
        const spec = {
          containers: [{ name: "main", image: `${properties.repositoryUrl}:1.0@sha256:${"0".repeat(64)}` }],
        };
        await inCluster(bench, held.properties.endpoint, "kubernetes:core/v1:Pod", { metadata, spec });
      },
      "RepositoryNotEmptyException",
      "still contains images",
    ),
  ],
  [RULE]: [
    refusedBy(
      "placement",
      "a registry that ECR does not know",
      set({ upstreamRegistryUrl: "example.com" }),
      "UnsupportedUpstreamRegistryException",
      "upstreamRegistryUrl",
    ),
    refusedBy(
      "required",
      "no credentials for Docker Hub",
      set({ upstreamRegistryUrl: "registry-1.docker.io" }),
      "InvalidParameterException",
      "credentialArn",
    ),
    refusedBy(
      "reference",
      "a secret that is not there",
      set({ credentialArn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/none-aaaaaa" }),
      "SecretNotFoundException",
      "credentialArn",
    ),
    refusedBy(
      "name",
      "a prefix in capitals",
      set({ ecrRepositoryPrefix: "K8S" }),
      "InvalidParameterException",
      "ecrRepositoryPrefix",
    ),
    twice(RULE, "a prefix twice", "PullThroughCacheRuleAlreadyExistsException", "k8s"),
    refusedBy(
      "immutable",
      "another registry",
      set({ upstreamRegistryUrl: "quay.io" }),
      "InvalidParameterException",
      "upstreamRegistryUrl",
    ),
  ],
  [ACCESS]: [
    refusedBy(
      "reference",
      "a repository that is not there",
      set({ repository: "none" }),
      "RepositoryNotFoundException",
      "repository",
    ),
    refusedBy("limit", "no JSON", set({ policy: "{" }), "InvalidParameterException", "policy"),
    refusedBy(
      "limit",
      "a resource",
      set({ policy: document({ Effect: "Allow", Principal: "*", Action: "ecr:*", Resource: "*" }) }),
      "InvalidParameterException",
      "names a Resource",
    ),
    refusedBy(
      "immutable",
      "another repository",
      set({ repository: "none" }),
      "InvalidParameterException",
      "repository",
    ),
  ],
  [LIFECYCLE]: [
    refusedBy(
      "reference",
      "a repository that is not there",
      set({ repository: "none" }),
      "RepositoryNotFoundException",
      "repository",
    ),
    refusedBy(
      "limit",
      "a rule without action",
      set({ policy: lifecycle([{ rulePriority: 1, selection: untagged }]) }),
      "InvalidParameterException",
      "has no action",
    ),
    refusedBy(
      "limit",
      "a priority twice",
      set({
        policy: lifecycle([1, 2].map(() => ({ rulePriority: 1, selection: untagged, action: { type: "expire" } }))),
      }),
      "InvalidParameterException",
      "two rules have the priority 1",
    ),
    refusedBy("immutable", "another policy", set({ policy: lifecycle([]) }), "InvalidParameterException", "policy"),
  ],
  [LOGS]: [
    refusedBy(
      "limit",
      "a retention that is none",
      set({ retentionInDays: 42 }),
      "InvalidParameterException",
      "retentionInDays",
    ),
    refusedBy(
      "limit",
      "a class that is none",
      set({ logGroupClass: "CHEAP" }),
      "InvalidParameterException",
      "INFREQUENT_ACCESS",
    ),
    refusedBy("name", "a name with a blank", set({ name: "my logs" }), "InvalidParameterException", "name"),
    twice(LOGS, "a name twice", "ResourceAlreadyExistsException", "/team/logs"),
    refusedBy(
      "reference",
      "a key that is not there",
      set({ kmsKeyId: noKey }),
      "InvalidParameterException",
      "kmsKeyId",
    ),
    refusedBy(
      "immutable",
      "another class",
      set({ logGroupClass: "DELIVERY" }),
      "InvalidParameterException",
      "logGroupClass",
    ),
  ],
  [SECRET]: [
    refusedBy(
      "limit",
      "a day to recover",
      set({ recoveryWindowInDays: 1 }),
      "InvalidParameterException",
      "between 7 and 30",
    ),
    refusedBy("name", "a name with a blank", set({ name: "my token" }), "InvalidParameterException", "name"),
    twice(SECRET, "a name twice", "ResourceExistsException", "team/token"),
    refusedBy(
      "reference",
      "a key that is not there",
      set({ kmsKeyId: noKey }),
      "ResourceNotFoundException",
      "kmsKeyId",
    ),
    {
      kind: "limit",
      when: "a key that is disabled",
      change: withDisabledKey((kmsKeyId) => ({ kmsKeyId })),
      code: "EncryptionFailure",
      says: "is disabled",
    },
    refusedBy(
      "limit",
      "a region twice",
      set({ replicas: [{ region: "eu-west-2" }, { region: "eu-west-2" }] }),
      "InvalidParameterException",
      "replicas[1].region",
    ),
    refusedBy("immutable", "another name", without("name"), "InvalidRequestException", "name"),
  ],
};

testRefused({ package: "aws", accepted, refused, connect });
