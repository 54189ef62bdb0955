/** Who may do what in an EKS cluster, and what EKS itself puts into it. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, knownString, type Properties, valueAt } from "../../values.ts";
import { arnOf, awsType, CLUSTER, EKS_API, EKS_GUIDE, refs, upperOf, uuidOf } from "./common.ts";

const accessEntry = awsType({
  token: "aws:eks/accessEntry:AccessEntry",
  id: (inputs) => `${inputs.clusterName}:${inputs.principalArn}`,
  taggable: true,
  defaults: { type: "STANDARD" },
  replaceOn: ["clusterName", "principalArn", "type"],
  references: [
    refs.cluster("clusterName"),
    {
      path: "principalArn",
      by: "arn",
      types: ["aws:iam/role:Role"],
      except: /:(user\/|root$)|:role\/aws-/,
      refusal: (arn) => `InvalidParameterException: The specified principalArn is invalid: invalid principal: ${arn}`,
    },
  ],
  unique: [
    {
      paths: ["clusterName", "principalArn"],
      within: "region",
      refusal: (key) =>
        `ResourceInUseException: The specified access entry resource is already in use on this cluster: ${key}`,
      fix: "Use the entry that is there: a principal has one",
    },
  ],
  check: entryProblems,
  refuse: (inputs, context) => {
    const mode = valueAt(context.find(CLUSTER, inputs.clusterName)?.outputs, "accessConfig.authenticationMode");
    if (mode !== "CONFIG_MAP") return [];
    const reason =
      "InvalidRequestException: The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation";
    const fix = "Set accessConfig.authenticationMode of the cluster";
    return [{ property: "clusterName", reason, fix, source: `${EKS_GUIDE}/grant-k8s-access.html` }];
  },
  outputs: (inputs, context) => ({
    accessEntryArn: arnOf(
      "eks",
      `access-entry/${inputs.clusterName}/role/${context.placement.scope}/${String(inputs.principalArn).split("/").at(-1)}/${uuidOf(context, "entry")}`,
      context,
    ),
    createdAt: context.createdAt,
    modifiedAt: context.createdAt,
    kubernetesGroups: inputs.kubernetesGroups ?? [],
    userName: inputs.userName ?? inputs.principalArn,
  }),
});

const accessPolicyAssociation = awsType({
  token: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
  id: (inputs) => `${inputs.clusterName}#${inputs.principalArn}#${inputs.policyArn}`,
  overwrites: true,
  replaceOn: ["clusterName", "principalArn", "policyArn", "accessScope"],
  references: [refs.cluster("clusterName")],
  check: scopeProblems,
  refuse: (inputs, context) => {
    const entries = context.all("aws:eks/accessEntry:AccessEntry");
    const id = `${inputs.clusterName}:${inputs.principalArn}`;
    const entry = entries.find((each) => each.id === id);
    if (entry === undefined) {
      const reason = `ResourceNotFoundException: The specified principalArn could not be found: ${inputs.principalArn}`;
      return [{ property: "principalArn", kind: "reference", reason, fix: "Make an AccessEntry for it first" }];
    }
    if (entry.outputs.type === "STANDARD") return [];
    const reason = `InvalidRequestException: an access policy can't be associated with an entry of type ${entry.outputs.type}`;
    return [{ property: "principalArn", reason, fix: "Associate policies with entries of type STANDARD" }];
  },
  outputs: (_, context) => ({ associatedAt: context.createdAt, modifiedAt: context.createdAt }),
});

const addon = awsType({
  token: "aws:eks/addon:Addon",
  id: (inputs) => `${inputs.clusterName}:${inputs.addonName}`,
  arn: (inputs, context) =>
    arnOf("eks", `addon/${inputs.clusterName}/${inputs.addonName}/${uuidOf(context, "addon")}`, context),
  taggable: true,
  replaceOn: ["clusterName", "addonName", "namespaceConfig"],
  references: [
    refs.cluster("clusterName"),
    refs.roleArn("serviceAccountRoleArn"),
    refs.roleArn("podIdentityAssociations[].roleArn"),
  ],
  unique: [
    {
      paths: ["clusterName", "addonName"],
      within: "region",
      refusal: (key) => `ResourceInUseException: Addon already exists: ${key.split("/")[1]}`,
      fix: "Import the add-on that is there",
    },
  ],
  check: addonProblems,
  refuse: replicaRefusals,
  outputs: (inputs, context) => ({
    createdAt: context.createdAt,
    modifiedAt: context.createdAt,
    configurationValues: inputs.configurationValues ?? "",
  }),
});

const podIdentityAssociation = awsType({
  token: "aws:eks/podIdentityAssociation:PodIdentityAssociation",
  id: (_, context) => `a-${context.hex(17)}`,
  taggable: true,
  replaceOn: ["clusterName", "namespace", "serviceAccount"],
  references: [refs.cluster("clusterName"), refs.roleArn("roleArn"), refs.roleArn("targetRoleArn")],
  unique: [
    {
      paths: ["clusterName", "namespace", "serviceAccount"],
      within: "region",
      refusal: (key) => `ResourceInUseException: Association already exists: ${key}`,
      fix: "Give the service account one role",
    },
  ],
  check: ({ namespace, serviceAccount }) => [
    ...labelProblems("namespace", namespace),
    ...labelProblems("serviceAccount", serviceAccount),
  ],
  outputs: (inputs, context) => ({
    associationId: context.id,
    associationArn: arnOf("eks", `podidentityassociation/${inputs.clusterName}/${context.id}`, context),
    externalId: `${context.placement.region}/${context.placement.scope}/${upperOf(context, 8, "external")}`,
    disableSessionTags: inputs.disableSessionTags ?? false,
  }),
});

export const clusterAccessTypes: readonly ResourceType[] = [
  accessEntry,
  accessPolicyAssociation,
  addon,
  podIdentityAssociation,
];

const entryTypes = ["STANDARD", "FARGATE_LINUX", "EC2_LINUX", "EC2_WINDOWS", "EC2", "HYBRID_LINUX", "HYPERPOD_LINUX"];

/** https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html */
function entryProblems({ kubernetesGroups, type, userName }: Properties): Problem[] {
  const kind = knownString(type);
  const problems: Problem[] = [];
  if (kind !== undefined && !entryTypes.includes(kind)) {
    const reason = `InvalidParameterException: The specified type is invalid: ${kind}`;
    problems.push({ property: "type", reason, fix: `Choose one of ${entryTypes.join(", ")}` });
  }
  if (kind !== undefined && kind !== "STANDARD" && asList(kubernetesGroups).length > 0) {
    const reason = `InvalidParameterException: kubernetesGroups can't be given for the type ${kind}`;
    problems.push({ property: "kubernetesGroups", reason, fix: "Leave them out, or make it of type STANDARD" });
  }
  const name = knownString(userName);
  if (name === undefined || !/^(system|eks|aws|amazon|iam):/.test(name)) return problems;
  const reason = `InvalidParameterException: The username must not begin with ${name.split(":")[0]}:, given: ${name}`;
  return [...problems, { property: "userName", reason, fix: "Leave it to EKS, or choose another beginning" }];
}

/** https://docs.aws.amazon.com/eks/latest/APIReference/API_AccessScope.html */
function scopeProblems({ accessScope, policyArn }: Properties): Problem[] {
  const { type, namespaces } = asObject(accessScope);
  const problems: Problem[] = [];
  if (type === "namespace" && asList(namespaces).length === 0) {
    const reason = "InvalidParameterException: a scope of type namespace needs namespaces";
    problems.push({ property: "accessScope.namespaces", reason, fix: "Name them, or give the type cluster" });
  }
  if (type === "cluster" && asList(namespaces).length > 0) {
    const reason = "InvalidParameterException: a scope of type cluster has no namespaces";
    problems.push({ property: "accessScope.namespaces", reason, fix: "Leave them out, or give the type namespace" });
  }
  const policy = knownString(policyArn);
  if (policy === undefined || /^arn:aws[\w-]*:eks::aws:cluster-access-policy\/\w+$/.test(policy)) return problems;
  const reason = `InvalidParameterException: The specified policyArn is invalid: ${policy}`;
  const fix = "Name one of EKS's own: arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy for instance";
  const source = `${EKS_GUIDE}/access-policy-permissions.html`;
  return [...problems, { property: "policyArn", kind: "reference", reason, fix, source }];
}

/** Add-ons whose names do not tell that they are of AWS (`aws-`, `amazon-`, `eks-`) or of the marketplace (`vendor_product`). */
const addons = [
  "adot",
  "cert-manager",
  "coredns",
  "external-dns",
  "fluent-bit",
  "kube-proxy",
  "kube-state-metrics",
  "metrics-server",
  "prometheus-node-exporter",
  "snapshot-controller",
  "vpc-cni",
];

/** https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html */
function addonProblems({ addonName, addonVersion, configurationValues }: Properties): Problem[] {
  const problems: Problem[] = [];
  const name = knownString(addonName);
  if (name !== undefined && !/_|^(aws|amazon|eks)-/.test(name) && !addons.includes(name)) {
    const reason = `InvalidParameterException: Addon ${name} specified is not supported`;
    const source = `${EKS_GUIDE}/workloads-add-ons-available-eks.html`;
    problems.push({
      property: "addonName",
      kind: "placement",
      reason,
      fix: `Known are ${addons.join(", ")} and those of AWS`,
      source,
    });
  }
  const version = knownString(addonVersion);
  if (version !== undefined && !/^v\d+\.\d+\.\d+/.test(version)) {
    const reason = `InvalidParameterException: Addon version ${version} specified is not supported`;
    problems.push({ property: "addonVersion", reason, fix: "Write it as v1.2.3-eksbuild.1, or leave it to EKS" });
  }
  const text = knownString(configurationValues);
  const wrong = text === undefined ? undefined : configurationFault(name, text);
  if (wrong === undefined) return problems;
  const reason = `InvalidParameterException: ConfigurationValue provided in request is not supported: ${wrong}`;
  const fix = "Hold it against what DescribeAddonConfiguration says";
  return [...problems, { property: "configurationValues", reason, fix }];
}

/** EKS takes YAML too, of which only what begins as JSON is read here. */
function configurationFault(addonName: string | undefined, text: string): string | undefined {
  if (!text.trim().startsWith("{")) return undefined;
  try {
    const { enableNetworkPolicy } = asObject(JSON.parse(text));
    if (addonName !== "vpc-cni" || enableNetworkPolicy === undefined || typeof enableNetworkPolicy === "string")
      return undefined;
    return "Json schema validation failed with error: [$.enableNetworkPolicy: a string is expected]";
  } catch {
    return "it is no JSON";
  }
}

/** Add-ons that are Deployments become active when their pods run, so never without a node. */
function replicaRefusals({ addonName, clusterName }: Properties, context: Context): Problem[] {
  const needsNodes = ["coredns", "metrics-server"].includes(String(addonName));
  const auto = valueAt(context.find(CLUSTER, clusterName)?.outputs, "computeConfig.enabled") === true;
  const groups = context.all("aws:eks/nodeGroup:NodeGroup");
  if (!needsNodes || auto || groups.some(({ outputs }) => outputs.clusterName === clusterName)) return [];
  const reason = `InsufficientNumberOfReplicas: The add-on ${addonName} is unhealthy because it doesn't have the desired number of replicas: no node runs them`;
  const fix = "Make a node group first (dependsOn)";
  return [{ property: "clusterName", kind: "reference", reason, fix, source: `${EKS_API}/API_AddonIssue.html` }];
}

/** Names inside Kubernetes: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html */
function labelProblems(property: string, value: unknown): Problem[] {
  const text = knownString(value);
  if (text === undefined || /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(text)) return [];
  const reason = `InvalidParameterException: The ${property} "${text}" is no name that Kubernetes has`;
  return [{ property, kind: "name", reason, fix: "Use lowercase letters, digits and hyphens" }];
}
