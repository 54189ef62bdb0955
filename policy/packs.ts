import type { EnforcementLevel, Policy, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { frameworks } from "./frameworks.ts";
import { graphOf } from "./graph.ts";
import { type AnyRule, isResourceRule } from "./rule.ts";
import { acceleratorBudget } from "./rules/accelerator/accelerator-budget.ts";
import { poolLimits } from "./rules/accelerator/pool-limits.ts";
import { primaryCapacity } from "./rules/accelerator/primary-capacity.ts";
import { accessKeys } from "./rules/aws/access-keys.ts";
import { bedrockEndpoint } from "./rules/aws/bedrock-endpoint.ts";
import { bedrockGuardrail } from "./rules/aws/bedrock-guardrail.ts";
import { bedrockLogging } from "./rules/aws/bedrock-logging.ts";
import { bedrockScope } from "./rules/aws/bedrock-scope.ts";
import { eksDeletion } from "./rules/aws/eks-deletion.ts";
import { eksEndpoint } from "./rules/aws/eks-endpoint.ts";
import { eksProtection } from "./rules/aws/eks-protection.ts";
import { modelPermissions } from "./rules/aws/model-permissions.ts";
import { nodeSsh } from "./rules/aws/node-ssh.ts";
import { registryImages } from "./rules/aws/registry-images.ts";
import { sagemakerIsolation } from "./rules/aws/sagemaker-isolation.ts";
import { aiAccountLocalAuth } from "./rules/azure/ai-account-local-auth.ts";
import { aiAccountNetwork } from "./rules/azure/ai-account-network.ts";
import { aiAccountOutbound } from "./rules/azure/ai-account-outbound.ts";
import { aiDiagnostics } from "./rules/azure/ai-diagnostics.ts";
import { aiPrivateEndpoint } from "./rules/azure/ai-private-endpoint.ts";
import { aksApi } from "./rules/azure/aks-api.ts";
import { aksIdentity } from "./rules/azure/aks-identity.ts";
import { aksNetwork } from "./rules/azure/aks-network.ts";
import { approvedModels } from "./rules/azure/approved-models.ts";
import { contentFilter } from "./rules/azure/content-filter.ts";
import { deploymentScope } from "./rules/azure/deployment-scope.ts";
import { modelVersion } from "./rules/azure/model-version.ts";
import { registryAccess } from "./rules/azure/registry-access.ts";
import { spillover } from "./rules/azure/spillover.ts";
import { storageAccess } from "./rules/azure/storage-access.ts";
import { vaultProtection } from "./rules/azure/vault-protection.ts";
import { backendTls } from "./rules/gateway/backend-tls.ts";
import { retryBudget } from "./rules/gateway/retry-budget.ts";
import { routeTimeout } from "./rules/gateway/route-timeout.ts";
import { routeTrafficPolicy } from "./rules/gateway/route-traffic-policy.ts";
import { toolServers } from "./rules/gateway/tool-servers.ts";
import { federationCondition } from "./rules/gcp/federation-condition.ts";
import { gkeHardening } from "./rules/gcp/gke-hardening.ts";
import { gkeIdentity } from "./rules/gcp/gke-identity.ts";
import { gkePrivate } from "./rules/gcp/gke-private.ts";
import { modelOrgPolicy } from "./rules/gcp/model-org-policy.ts";
import { serviceAccountKeys } from "./rules/gcp/service-account-keys.ts";
import { vertexEndpoint } from "./rules/gcp/vertex-endpoint.ts";
import { noStaticKeys } from "./rules/identity/no-static-keys.ts";
import { sharedFate } from "./rules/independence/shared-fate.ts";
import { sharedFateSoft } from "./rules/independence/shared-fate-soft.ts";
import { defaultDeny } from "./rules/kubernetes/default-deny.ts";
import { exposedServices } from "./rules/kubernetes/exposed-services.ts";
import { imageDigests } from "./rules/kubernetes/image-digests.ts";
import { podHardening } from "./rules/kubernetes/pod-hardening.ts";
import { servingAvailability } from "./rules/kubernetes/serving-availability.ts";
import { reachability } from "./rules/network/reachability.ts";
import { fallbackReceipt } from "./rules/paths/fallback-receipt.ts";
import { fallbackRoles } from "./rules/paths/fallback-roles.ts";
import { twoCloudMinimum } from "./rules/paths/two-cloud-minimum.ts";
import { residency } from "./rules/placement/residency.ts";
import { asOf } from "./rules/run/as-of.ts";
import { clusterVersion } from "./rules/run/cluster-version.ts";
import { environmentTag } from "./rules/run/environment-tag.ts";
import { stackSettings } from "./rules/run/stack-settings.ts";
import { waived } from "./rules/run/waived.ts";
import { waivers } from "./rules/run/waivers.ts";
import { agentFederation } from "./rules/workload/agent-federation.ts";
import { catalogueAge } from "./rules/workload/catalogue-age.ts";
import { governance } from "./rules/workload/governance.ts";
import { modelLifecycle } from "./rules/workload/model-lifecycle.ts";
import { modelRetiring } from "./rules/workload/model-retiring.ts";
import { sloComplete } from "./rules/workload/slo-complete.ts";
import { isWaived } from "./waivers.ts";

/** Which rules hold, and how hard. Policy configuration can change the level of a rule, or of `all`. */

/** A rule with its level, as the host takes it. */
export type Leveled = (ResourceValidationPolicy | StackValidationPolicy) &
  Required<Pick<Policy, "severity" | "remediationSteps" | "url" | "tags" | "enforcementLevel">>;

/** The rules of the packs by name, each once. */
export const rules = new Map<string, AnyRule>();

function at(enforcementLevel: EnforcementLevel, ...added: readonly AnyRule[]): Leveled[] {
  for (const rule of added) rules.set(rule.name, rule);
  return added.map((rule) => ({ ...waivable(rule), ...frameworkOf(rule), enforcementLevel }) as Leveled);
}

/** Lets waivers take findings away before they are reported. */
function waivable(rule: AnyRule): ResourceValidationPolicy | StackValidationPolicy {
  if (isResourceRule(rule)) {
    const { demands, references, validateResource, ...host } = rule;
    return {
      ...host,
      validateResource: (args, report) =>
        validateResource(args, (message, urn = args.urn) => {
          if (!isWaived({ rule: rule.name, message, urn })) report(message, urn);
        }),
    };
  }
  const { reads, looksThrough, references, validateStack, ...host } = rule;
  return {
    ...host,
    validateStack: (args, report) =>
      validateStack(args, (message, urn) => {
        if (!isWaived({ rule: rule.name, message, urn, graph: graphOf(args.resources) })) report(message, urn);
      }),
  };
}

/** The host takes one recommendation a rule: the first. docs/policies.md has all. */
function frameworkOf({ references: [first] = [] }: AnyRule): Pick<Policy, "framework"> {
  if (first === undefined) return {};
  const { framework: name, version, title } = frameworks[first];
  return { framework: { name, version, reference: first, specification: title } };
}

/** What production demands. */
export const production: readonly Leveled[] = [
  ...at(
    "mandatory",
    fallbackReceipt,
    fallbackRoles,
    twoCloudMinimum,
    sharedFate,
    backendTls,
    retryBudget,
    routeTimeout,
    routeTrafficPolicy,
    toolServers,
    noStaticKeys,
    reachability,
    residency,
    agentFederation,
    governance,
    modelLifecycle,
    sloComplete,
    acceleratorBudget,
    poolLimits,
    primaryCapacity,
    aiAccountLocalAuth,
    aiAccountNetwork,
    aksApi,
    aksIdentity,
    aksNetwork,
    approvedModels,
    deploymentScope,
    modelVersion,
    registryAccess,
    storageAccess,
    vaultProtection,
    accessKeys,
    bedrockLogging,
    bedrockScope,
    eksDeletion,
    eksEndpoint,
    eksProtection,
    modelPermissions,
    nodeSsh,
    registryImages,
    federationCondition,
    gkeHardening,
    gkeIdentity,
    gkePrivate,
    serviceAccountKeys,
    defaultDeny,
    exposedServices,
    imageDigests,
    podHardening,
    servingAvailability,
    asOf,
    clusterVersion,
    stackSettings,
  ),
  ...at("remediate", environmentTag),
  ...at(
    "advisory",
    sharedFateSoft,
    catalogueAge,
    modelRetiring,
    aiAccountOutbound,
    aiDiagnostics,
    aiPrivateEndpoint,
    contentFilter,
    spillover,
    bedrockEndpoint,
    bedrockGuardrail,
    sagemakerIsolation,
    modelOrgPolicy,
    vertexEndpoint,
  ),
  // Asked last: only then is it known what was waived.
  ...at("mandatory", waivers),
  ...at("advisory", waived),
];

/** The same where people try things: what keeps a service up is advice there, what keeps a stranger out is not. */
export const baseline: readonly Leveled[] = [
  ...at(
    "mandatory",
    twoCloudMinimum,
    sharedFate,
    backendTls,
    retryBudget,
    routeTimeout,
    routeTrafficPolicy,
    toolServers,
    noStaticKeys,
    reachability,
    residency,
    poolLimits,
    aiAccountNetwork,
    aksApi,
    aksIdentity,
    aksNetwork,
    approvedModels,
    deploymentScope,
    modelVersion,
    registryAccess,
    accessKeys,
    bedrockScope,
    eksEndpoint,
    eksProtection,
    modelPermissions,
    nodeSsh,
    registryImages,
    federationCondition,
    gkeHardening,
    gkeIdentity,
    gkePrivate,
    serviceAccountKeys,
    defaultDeny,
    exposedServices,
    imageDigests,
    podHardening,
    asOf,
    clusterVersion,
    stackSettings,
  ),
  ...at("remediate", aiAccountLocalAuth, storageAccess, vaultProtection, environmentTag),
  ...at(
    "advisory",
    fallbackReceipt,
    fallbackRoles,
    sharedFateSoft,
    agentFederation,
    catalogueAge,
    governance,
    modelLifecycle,
    modelRetiring,
    sloComplete,
    acceleratorBudget,
    primaryCapacity,
    aiAccountOutbound,
    aiDiagnostics,
    aiPrivateEndpoint,
    contentFilter,
    spillover,
    bedrockEndpoint,
    bedrockGuardrail,
    bedrockLogging,
    eksDeletion,
    sagemakerIsolation,
    modelOrgPolicy,
    vertexEndpoint,
    servingAvailability,
  ),
  // Asked last: only then is it known what was waived.
  ...at("mandatory", waivers),
  ...at("advisory", waived),
];

export const packs = { production, baseline } as const;
export type PackName = keyof typeof packs;
