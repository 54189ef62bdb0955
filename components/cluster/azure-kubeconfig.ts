import * as containerservice from "@pulumi/azure-native/containerservice/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { Build } from "./azure.ts";

/** Entra's application for the API servers of all AKS clusters: https://azure.github.io/kubelogin/concepts/aks.html */
const serverApplication = "6dae42f8-4368-4678-94ff-3960e28e3630";

/**
 * A client configuration whose tokens come from `kubelogin`, which asks the Azure command line by default;
 * `AAD_LOGIN_METHOD=workloadidentity` or another makes it ask elsewhere.
 *
 * The certificate of the API server's own authority is not among a cluster's properties: only the call that hands out
 * client configurations has it.
 */
export function kubeconfigOf(
  { name, args, opts }: Build,
  cluster: containerservice.ManagedCluster,
): pulumi.Output<string> {
  const issued = containerservice.listManagedClusterUserCredentialsOutput(
    { resourceGroupName: args.scope, resourceName: cluster.name },
    opts,
  );
  const config = pulumi.jsonStringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name,
        cluster: {
          server: pulumi.interpolate`https://${cluster.fqdn}:443`,
          "certificate-authority-data": issued.apply(({ kubeconfigs }) => authority(kubeconfigs)),
        },
      },
    ],
    users: [{ name, user: { exec: tokenCommand(args.location.tenant) } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
  return pulumi.secret(config);
}

function tokenCommand(tenant: string | undefined) {
  return {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "kubelogin",
    args: [
      "get-token",
      "--login",
      "azurecli",
      "--server-id",
      serverApplication,
      ...(tenant === undefined ? [] : ["--tenant-id", tenant]),
    ],
    interactiveMode: "Never",
    provideClusterInfo: false,
  };
}

/** Reads the authority's certificate out of a client configuration (YAML, base64). */
function authority(kubeconfigs: readonly { value: string }[]): string {
  const text = Buffer.from(kubeconfigs[0]?.value ?? "", "base64").toString("utf8");
  const [, certificate] = /certificate-authority-data:\s*"?([A-Za-z0-9+/=]+)/.exec(text) ?? [];
  if (certificate === undefined)
    throw new Error("AKS returned a client configuration without certificate-authority-data");
  return certificate;
}
