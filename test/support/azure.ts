/** What the construction tests of the Azure components have in common. */
import { planSubnets } from "../../components/plan/addresses.ts";
import type { Location } from "../../components/plan/types.ts";
import type { CloudOutputs } from "./mocks.ts";

export const azureLocation: Location = {
  name: "azure-main",
  cloud: "azure",
  account: "11111111-2222-3333-4444-555555555555",
  tenant: "99999999-8888-7777-6666-555555555555",
  region: "swedencentral",
  zones: ["1", "2", "3"],
  cidr: "10.20.0.0/16",
  geography: "eu",
  metro: "gavle",
};

export const azureSubnets = planSubnets(azureLocation.cidr, azureLocation.zones);

export const tags = { owner: "team" };

/** A cluster's certificate authority as AKS hands it out: YAML in base64. */
export const userCredentials = {
  kubeconfigs: [
    {
      name: "clusterUser",
      value: Buffer.from(
        "clusters:\n- cluster:\n    certificate-authority-data: Q0VSVA==\n    server: https://x\n",
      ).toString("base64"),
    },
  ],
};

export const azureCalls = {
  "azure-native:authorization:getClientConfig": () => ({
    clientId: "runner-client",
    objectId: "runner-object",
    subscriptionId: azureLocation.account,
    tenantId: azureLocation.tenant,
  }),
  "azure-native:containerservice:listManagedClusterUserCredentials": () => userCredentials,
};

/** What Azure would add to the inputs, as far as the components read it. */
export const azureOutputs: CloudOutputs = {
  "azure-native:resources:ResourceGroup": ({ name }) => ({ name }),
  "azure-native:network:VirtualNetwork": ({ name }) => ({ name }),
  "azure-native:network:PublicIPAddress": ({ name }) => ({ name, ipAddress: `198.51.100.${name.length}` }),
  "azure-native:network:PrivateEndpoint": ({ name }) => ({ name }),
  "azure-native:privatedns:PrivateZone": ({ inputs }) => ({ name: inputs.privateZoneName }),
  "azure-native:dns:Zone": ({ inputs }) => ({ name: inputs.zoneName, nameServers: ["ns1.example.net."] }),
  "azure-native:keyvault:Vault": ({ inputs }) => ({ name: inputs.vaultName }),
  "azure-native:keyvault:Key": () => ({ keyUriWithVersion: "https://vault.example/keys/secrets/1" }),
  "azure-native:cognitiveservices:Account": ({ name }) => ({ name }),
  "azure-native:containerregistry:Registry": ({ inputs }) => ({ loginServer: `${inputs.registryName}.azurecr.io` }),
  "azure-native:managedidentity:UserAssignedIdentity": ({ name }) => ({
    name,
    principalId: `${name}-principal`,
    clientId: `${name}-client`,
  }),
  "azure-native:containerservice:ManagedCluster": ({ name }) => ({
    name,
    fqdn: "net.hcp.swedencentral.azmk8s.io",
    oidcIssuerProfile: { enabled: true, issuerURL: "https://swedencentral.oic.prod-aks.azure.com/t/c/" },
  }),
};

/** Resource id of a built-in role in the location's subscription. */
export function roleId(id: string): string {
  return `/subscriptions/${azureLocation.account}/providers/Microsoft.Authorization/roleDefinitions/${id}`;
}
