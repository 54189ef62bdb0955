/** Names of what serves a self-hosted path inside its cluster; its host is `serverHost` of the plan. */

/** Each self-hosted path has its own namespace, so that its network rules and rights are its own. */
export function servingNamespace(pathName: string): string {
  return pathName;
}

/** The Service in front of a path's replicas. */
export function servingService(pathName: string): string {
  return pathName;
}

/** Service account of a path's replicas: what the weights' bucket trusts. */
export const servingServiceAccount = "model-server";

/** Name of the server's image in the lock. */
export const serverImage = "vllm-openai";
