/** Provider functions of Azure. */
import type { CloudFunction } from "../../cloud.ts";
import type { Properties } from "../../values.ts";
import { runnerOf } from "./authorization.ts";
import { CLUSTER, groupId, tenantOf } from "./common.ts";
import { endpointOf } from "./containers.ts";

const getClientConfig: CloudFunction = (_, context) => ({
  ...runnerOf(context),
  subscriptionId: context.connection.scope,
  tenantId: tenantOf(context),
});

const listManagedClusterUserCredentials: CloudFunction = (args, context) => {
  const { resourceGroupName, resourceName } = args;
  const id = `${groupId(resourceGroupName, context)}/providers/Microsoft.ContainerService/managedClusters/${resourceName}`;
  const cluster = context.find(CLUSTER, id);
  if (cluster === undefined) {
    throw new Error(
      `ResourceNotFound: The Resource 'Microsoft.ContainerService/managedClusters/${resourceName}' under resource group '${resourceGroupName}' was not found.`,
    );
  }
  const value = Buffer.from(userConfiguration(cluster)).toString("base64");
  return { kubeconfigs: [{ name: "clusterUser", value }] };
};

/** Of the form of a client configuration for a user: YAML, which names `kubelogin` as the source of tokens. */
function userConfiguration({ outputs, seed }: { outputs: Properties; seed: string }): string {
  const body = Buffer.from(`sandbox ${seed}`).toString("base64");
  const certificate = `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
  return [
    "apiVersion: v1",
    "kind: Config",
    "clusters:",
    `- name: ${outputs.name}`,
    "  cluster:",
    `    certificate-authority-data: ${Buffer.from(certificate).toString("base64")}`,
    `    server: ${endpointOf(outputs)}`,
    "contexts:",
    `- name: ${outputs.name}`,
    "  context:",
    `    cluster: ${outputs.name}`,
    "    user: clusterUser",
    `current-context: ${outputs.name}`,
    "users:",
    "- name: clusterUser",
    "  user:",
    "    exec:",
    "      apiVersion: client.authentication.k8s.io/v1beta1",
    "      command: kubelogin",
    "      args: [get-token, --login, devicecode]",
    "",
  ].join("\n");
}

export const azureFunctions: Readonly<Record<string, CloudFunction>> = {
  "azure-native:authorization:getClientConfig": getClientConfig,
  "azure-native:containerservice:listManagedClusterUserCredentials": listManagedClusterUserCredentials,
};
