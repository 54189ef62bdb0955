/** Valid inputs of real types, as small as their schemas and the checks on them allow. */
import { crdFor, schemaFor } from "../../sandbox/schema/load.ts";
import type { ResourceSchema } from "../../sandbox/schema/types.ts";

export interface Sample {
  token: string;
  inputs: Record<string, unknown>;
}

export const samples = {
  nodeGroup: {
    token: "aws:eks/nodeGroup:NodeGroup",
    inputs: {
      clusterName: "prod",
      nodeRoleArn: "arn:aws:iam::111122223333:role/nodes",
      subnetIds: ["subnet-1", "subnet-2"],
      scalingConfig: { desiredSize: 1, maxSize: 3, minSize: 1 },
      labels: { pool: "gpu" },
      taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
    },
  },
  rolePolicy: {
    token: "aws:iam/rolePolicy:RolePolicy",
    inputs: {
      role: "gateway",
      policy: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: ["bedrock:InvokeModel"], Resource: "*" }],
      },
    },
  },
  managedCluster: {
    token: "azure-native:containerservice:ManagedCluster",
    inputs: {
      resourceGroupName: "rg",
      identity: { type: "SystemAssigned" },
      oidcIssuerProfile: { enabled: true },
      agentPoolProfiles: [{ name: "system", count: 3, mode: "System", vmSize: "Standard_D4s_v5" }],
    },
  },
  cluster: {
    token: "gcp:container/cluster:Cluster",
    inputs: {
      location: "europe-west4",
      initialNodeCount: 1,
      deletionProtection: true,
      workloadIdentityConfig: { workloadPool: "example.svc.id.goog" },
      masterAuthorizedNetworksConfig: { cidrBlocks: [{ cidrBlock: "192.0.2.0/24" }] },
    },
  },
  deployment: {
    token: "kubernetes:apps/v1:Deployment",
    inputs: {
      metadata: { name: "vllm", labels: { app: "vllm" } },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: "vllm" } },
        template: {
          metadata: { labels: { app: "vllm" } },
          spec: {
            containers: [
              {
                name: "vllm",
                image: "vllm",
                ports: [{ containerPort: 8000 }],
                readinessProbe: { httpGet: { path: "/health", port: "http" } },
                resources: { limits: { "nvidia.com/gpu": "1" } },
              },
            ],
          },
        },
      },
    },
  },
  route: {
    token: "kubernetes:aigateway.envoyproxy.io/v1beta1:AIGatewayRoute",
    inputs: {
      apiVersion: "aigateway.envoyproxy.io/v1beta1",
      kind: "AIGatewayRoute",
      metadata: { name: "support-chat", namespace: "gateway" },
      spec: {
        parentRefs: [{ name: "gateway" }],
        rules: [
          {
            matches: [{ headers: [{ type: "Exact", name: "x-ai-eg-model", value: "support-chat" }] }],
            backendRefs: [
              { name: "azure-main", priority: 0, modelNameOverride: "gpt-large" },
              { name: "aws-main", priority: 1, weight: 1 },
            ],
            timeouts: { request: "300s" },
          },
        ],
        llmRequestCosts: [{ metadataKey: "tokens", type: "TotalToken" }],
      },
    },
  },
  trafficPolicy: {
    token: "kubernetes:gateway.envoyproxy.io/v1alpha1:BackendTrafficPolicy",
    inputs: {
      apiVersion: "gateway.envoyproxy.io/v1alpha1",
      kind: "BackendTrafficPolicy",
      spec: {
        targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "support-chat" }],
        retry: {
          numRetries: 3,
          numAttemptsPerPriority: 2,
          perRetry: { timeout: "10s", backOff: { baseInterval: "50ms", maxInterval: "500ms" } },
          retryOn: { httpStatusCodes: [429, 503], triggers: ["connect-failure", "reset"] },
        },
        healthCheck: { panicThreshold: 0, passive: { maxEjectionPercent: 100, baseEjectionTime: "5s" } },
        connection: { bufferLimit: "50Mi" },
      },
    },
  },
  envoyProxy: {
    token: "kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyProxy",
    inputs: {
      apiVersion: "gateway.envoyproxy.io/v1alpha1",
      kind: "EnvoyProxy",
      spec: {
        provider: {
          type: "Kubernetes",
          kubernetes: {
            envoyDeployment: {
              replicas: 3,
              container: { resources: { requests: { cpu: "500m", memory: "512Mi" } } },
              pod: {
                volumes: [
                  {
                    name: "aws-token",
                    projected: { sources: [{ serviceAccountToken: { audience: "sts.amazonaws.com", path: "token" } }] },
                  },
                ],
              },
            },
            envoyPDB: { minAvailable: 2 },
            envoyService: { type: "LoadBalancer", externalTrafficPolicy: "Local" },
            envoyServiceAccount: { name: "gateway" },
          },
        },
      },
    },
  },
} satisfies Record<string, Sample>;

/** The schema of a sample's type. Throws when there is none: a sample of an unknown type proves nothing. */
export function schemaOf(token: string): ResourceSchema {
  const [, apiVersion = "", kind = ""] = token.split(":");
  const schema = schemaFor(token) ?? crdFor(apiVersion, kind);
  if (schema === undefined) throw new Error(`no schema of ${token}`);
  return schema;
}

/** A copy of `value` with the member at `path` (`spec.rules[0].name`) set, or removed when `to` is undefined. */
export function changed<T extends Record<string, unknown>>(value: T, path: string, to: unknown): T {
  const copy = structuredClone(value);
  const keys = path.split(/[.[\]]+/).filter((key) => key !== "");
  const last = keys.pop() ?? "";
  let parent: Record<string, unknown> = copy;
  for (const key of keys) parent = parent[key] as Record<string, unknown>;
  if (to === undefined) delete parent[last];
  else parent[last] = to;
  return copy;
}
