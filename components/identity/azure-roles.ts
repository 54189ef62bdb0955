/**
 * Azure's built-in roles that the components grant. The ids are the same in every subscription.
 * Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles; each id was
 * found again in public repositories that grant the role by it.
 */
export const azureRoles = {
  /** Call deployed models; neither keys nor deployments. */
  "Cognitive Services OpenAI User": "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd",
  "Network Contributor": "4d97b98b-1d4f-4787-a291-c67834d212e7",
  "Managed Identity Operator": "f1a07417-d97a-45cb-824c-7a7467783830",
  /** Encrypt and decrypt by keys; not to make or delete them. */
  "Key Vault Crypto User": "12338af0-0e69-4776-bea7-57ae8d297424",
  AcrPull: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
  "DNS Zone Contributor": "befefa01-2a29-4197-83a8-272ff33ce314",
  "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  /** Everything inside the cluster; nothing of the cluster as an Azure resource. */
  "Azure Kubernetes Service RBAC Cluster Admin": "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
} as const;

export type AzureRole = keyof typeof azureRoles;

/** Resource id of a built-in role, as a subscription sees it. */
export function roleDefinitionId(subscription: string, role: AzureRole): string {
  return `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${azureRoles[role]}`;
}
