/** Repositories of container images. */
import type { Context, InUse, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, knownString, leavesOf, type Properties, valueAt } from "../../values.ts";
import { arnOf, awsType, domainOf, inUse, jsonProblems, named, principalProblems, refs } from "./common.ts";
import { KEY, keyStateProblems, kmsKey } from "./keys.ts";

const ECR_API = "https://docs.aws.amazon.com/AmazonECR/latest/APIReference";

/** What runs from images; where one runs, its repository holds it. */
const workloads = [
  { by: "kubernetes:core/v1:Pod", path: "spec" },
  ...["apps/v1:Deployment", "apps/v1:DaemonSet", "apps/v1:StatefulSet", "batch/v1:Job"].map((kind) => ({
    by: `kubernetes:${kind}`,
    path: "spec.template.spec",
  })),
  { by: "kubernetes:batch/v1:CronJob", path: "spec.jobTemplate.spec.template.spec" },
];

const notEmpty: InUse["refusal"] = (name, user) =>
  `RepositoryNotEmptyException: The repository with name '${name}' cannot be deleted because it still contains images: ${user} runs from one`;

/** Images by their repositories: without tag and digest. */
const names: InUse["names"] = (pod) =>
  leavesOf(pod)
    .filter(({ path }) => /(^|\.)image$/.test(path))
    .map(({ value }) =>
      String(value)
        .replace(/@.*$/, "")
        .replace(/:[^:/]*$/, ""),
    );

const counts: InUse["counts"] = (repository) => repository.inputs.forceDelete !== true;

const repository = awsType({
  token: "aws:ecr/repository:Repository",
  id: (inputs) => String(inputs.name),
  arn: (inputs, context) => arnOf("ecr", `repository/${inputs.name}`, context),
  taggable: true,
  name: named({
    property: "name",
    pattern: /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
    allowed: "lowercase letters, digits, and single ._-/ between them",
    minLength: 2,
    maxLength: 256,
    source: `${ECR_API}/API_CreateRepository.html`,
    transform: (name) => name.toLowerCase(),
  }),
  unique: [
    {
      paths: ["name"],
      within: "region",
      refusal: (name) =>
        `RepositoryAlreadyExistsException: The repository with name '${name}' already exists in the registry`,
    },
  ],
  defaults: { imageTagMutability: "MUTABLE" },
  replaceOn: ["name", "encryptionConfigurations"],
  references: [
    {
      ...kmsKey("encryptionConfigurations[].kmsKey", "id"),
      by: "key",
      types: [KEY],
      except: /(^|:)alias\//,
      refusal: (value) => `KmsException: Key '${value}' does not exist`,
    },
  ],
  check: repositoryProblems,
  refuse: (inputs, context) => {
    const path = "encryptionConfigurations[0].kmsKey";
    return keyStateProblems(path, valueAt(inputs, "encryptionConfigurations[].kmsKey"), "KmsException", context);
  },
  inUse: workloads.map(({ by, path }) => inUse(by, path, notEmpty, { names, where: "anywhere", counts })),
  outputs: (inputs, context) => ({
    registryId: context.placement.scope,
    repositoryUrl: `${registryHost(context)}/${inputs.name}`,
  }),
  /** What a pod's image is named by. */
  handles: ({ repositoryUrl }) => [{ by: "image", value: String(repositoryUrl) }],
});

/** Host of an account's registry in a region. */
function registryHost({ placement: { scope, region } }: Context): string {
  return `${scope}.dkr.ecr.${region}.${domainOf(region)}`;
}

const pullThroughCacheRule = awsType({
  token: "aws:ecr/pullThroughCacheRule:PullThroughCacheRule",
  id: (inputs) => String(inputs.ecrRepositoryPrefix),
  replaceOn: ["ecrRepositoryPrefix", "upstreamRegistryUrl", "upstreamRepositoryPrefix"],
  name: {
    property: "ecrRepositoryPrefix",
    pattern: /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-][a-z0-9]+)*)*\/?|ROOT)$/,
    allowed: "lowercase letters, digits, and single ._-/ between them, or ROOT",
    minLength: 2,
    maxLength: 30,
    source: `${ECR_API}/API_CreatePullThroughCacheRule.html`,
  },
  unique: [
    {
      paths: ["ecrRepositoryPrefix"],
      within: "region",
      refusal: (prefix) =>
        `PullThroughCacheRuleAlreadyExistsException: A pull through cache rule with the prefix ${prefix} already exists`,
    },
  ],
  check: upstreamProblems,
  references: [
    {
      path: "credentialArn",
      by: "arn",
      types: ["aws:secretsmanager/secret:Secret"],
      refusal: (arn) => `SecretNotFoundException: The secret ${arn} does not exist or is not accessible`,
    },
  ],
  outputs: (_, { placement }) => ({ registryId: placement.scope }),
});

const repositoryPolicy = awsType({
  token: "aws:ecr/repositoryPolicy:RepositoryPolicy",
  id: (inputs) => String(inputs.repository),
  overwrites: true,
  replaceOn: ["repository"],
  references: [refs.repository("repository")],
  check: accessProblems,
  refuse: (inputs, context) => principalProblems("policy", inputs, context, "InvalidParameterException"),
  outputs: (_, { placement }) => ({ registryId: placement.scope }),
});

const lifecyclePolicy = awsType({
  token: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  id: (inputs) => String(inputs.repository),
  overwrites: true,
  replaceOn: ["repository", "policy"],
  references: [refs.repository("repository")],
  check: lifecycleProblems,
  outputs: (_, { placement }) => ({ registryId: placement.scope }),
});

export const registryTypes: readonly ResourceType[] = [
  repository,
  pullThroughCacheRule,
  repositoryPolicy,
  lifecyclePolicy,
];

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_EncryptionConfiguration.html */
function repositoryProblems({ encryptionConfigurations, imageTagMutability }: Properties): Problem[] {
  const problems: Problem[] = [];
  const modes = ["MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"];
  const mode = knownString(imageTagMutability);
  if (mode !== undefined && !modes.includes(mode)) {
    const reason = `InvalidParameterException: Invalid parameter at 'imageTagMutability': ${mode}`;
    problems.push({ property: "imageTagMutability", reason, fix: `Choose one of ${modes.join(", ")}` });
  }
  const { encryptionType = "AES256", kmsKey: key } = asObject(asList(encryptionConfigurations)[0]);
  if (key === undefined || encryptionType !== "AES256") return problems;
  const reason = "InvalidParameterException: a kmsKey can't be given with the encryption type AES256";
  const fix = 'Give encryptionType "KMS", or leave kmsKey out';
  return [...problems, { property: "encryptionConfigurations[0].kmsKey", reason, fix }];
}

/** Registries whose images ECR can keep: https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html */
const upstreams = [
  /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/,
  /^public\.ecr\.aws$/,
  /^registry\.k8s\.io$/,
  /^quay\.io$/,
  /^registry-1\.docker\.io$/,
  /^ghcr\.io$/,
  /^[a-z0-9-]+\.azurecr\.io$/,
  /^registry\.gitlab\.com$/,
  /^cgr\.dev$/,
];
const openUpstream = /^(public\.ecr\.aws|registry\.k8s\.io|quay\.io|\d{12}\.dkr\.)/;

function upstreamProblems({ credentialArn, upstreamRegistryUrl }: Properties): Problem[] {
  const url = knownString(upstreamRegistryUrl);
  if (url === undefined) return [];
  if (!upstreams.some((pattern) => pattern.test(url))) {
    const reason = `UnsupportedUpstreamRegistryException: The specified upstream registry isn't supported: ${url}`;
    const fix = "Name one that ECR knows, by its host alone: public.ecr.aws, registry.k8s.io, quay.io, ghcr.io …";
    return [{ property: "upstreamRegistryUrl", kind: "placement", reason, fix }];
  }
  if (openUpstream.test(url) || credentialArn !== undefined) return credentialProblems(credentialArn);
  const reason = `InvalidParameterException: ${url} needs credentials`;
  const fix = "Give credentialArn a secret with the user and token";
  return [{ property: "credentialArn", kind: "required", reason, fix }];
}

function credentialProblems(credentialArn: unknown): Problem[] {
  const arn = knownString(credentialArn);
  if (arn === undefined || arn.includes(":secret:ecr-pullthroughcache/")) return [];
  const reason = `InvalidParameterException: Invalid parameter at 'credentialArn': ${arn}`;
  return [{ property: "credentialArn", kind: "name", reason, fix: "Name the secret ecr-pullthroughcache/…" }];
}

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html */
function accessProblems(inputs: Properties): Problem[] {
  const wrong = jsonProblems(inputs, "policy").map((problem) => invalid("PolicyText", problem.reason));
  const text = knownString(inputs.policy);
  if (wrong.length > 0 || text === undefined) return wrong;
  const statements = [asObject(JSON.parse(text)).Statement].flat().map(asObject);
  const found = [
    ...(text.length > 10_240 ? [invalid("PolicyText", `it is ${text.length} characters long; 10240 at most`)] : []),
    ...(statements.some(({ Resource }) => Resource !== undefined)
      ? [invalid("PolicyText", "Invalid repository policy provided: a statement names a Resource")]
      : []),
  ];
  return found;
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html */
function lifecycleProblems(inputs: Properties): Problem[] {
  const wrong = jsonProblems(inputs, "policy").map((problem) => invalid("LifecyclePolicyText", problem.reason));
  const text = knownString(inputs.policy);
  if (wrong.length > 0 || text === undefined) return wrong;
  const rules = asList(asObject(JSON.parse(text)).rules).map(asObject);
  if (rules.length === 0) return [invalid("LifecyclePolicyText", "it has no rules")];
  const priorities = rules.map(({ rulePriority }) => rulePriority);
  const faults = rules.flatMap((rule, index) => {
    const { tagStatus, tagPrefixList, tagPatternList } = asObject(rule.selection);
    const missing = ["rulePriority", "selection", "action"].filter((key) => rule[key] === undefined);
    const untold = tagStatus === "tagged" && tagPrefixList === undefined && tagPatternList === undefined;
    return [
      ...(missing.length > 0 ? [`rule ${index + 1} has no ${missing.join(", ")}`] : []),
      ...(untold ? [`rule ${index + 1} of tagged images has neither tagPrefixList nor tagPatternList`] : []),
      ...(priorities.indexOf(rule.rulePriority) < index ? [`two rules have the priority ${rule.rulePriority}`] : []),
    ];
  });
  return faults.map((fault) => invalid("LifecyclePolicyText", `Lifecycle policy validation failure: ${fault}`));
}

function invalid(parameter: string, why: string): Problem {
  const reason = `InvalidParameterException: Invalid parameter at '${parameter}' failed to satisfy constraint: '${why}'`;
  return { property: "policy", reason, fix: "Write the policy as the page says" };
}
