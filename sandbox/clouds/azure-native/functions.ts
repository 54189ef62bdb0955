/** Provider functions of Azure. */
import type { CloudFunction } from "../../cloud.ts";
import { CLUSTER, groupId, tenantOf } from "./common.ts";
import { userConfiguration } from "./containers.ts";
import { runnerOf } from "./identity.ts";

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

export const azureFunctions: Readonly<Record<string, CloudFunction>> = {
  "azure-native:authorization:getClientConfig": getClientConfig,
  "azure-native:containerservice:listManagedClusterUserCredentials": listManagedClusterUserCredentials,
};
