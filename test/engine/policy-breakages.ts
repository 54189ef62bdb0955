/** What somebody might write into the program: each breaks one thing that the plan cannot see. */

import { AccessKey } from "@pulumi/aws/iam/index.js";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/index.js";
import * as pulumi from "@pulumi/pulumi";

/** Resources of the program by their logical names, as they are made. */
const made = new Map<string, pulumi.Resource>();

interface Breakage {
  /** The rule that catches it. */
  readonly rule: string;
  /** What the engine's output says of it. */
  readonly says: string;
  /** It changes what a drill exercises, so that the receipt is of another deployment, too. */
  readonly undrilled?: true;
  /** Other properties for one resource. */
  readonly change?: { readonly name: string; readonly type: string; readonly props: (props: Props) => Props };
  /** Raw resources beside the program's. */
  readonly add?: () => void;
}

type Props = Record<string, unknown>;

/** A Deployment's specification, as far as it is changed here. */
interface Workload {
  readonly template: { readonly spec: { readonly containers: readonly Props[] } };
}

function withImage(spec: Workload, image: pulumi.Input<string>): Workload {
  const { template } = spec;
  const containers = template.spec.containers.map((container) => ({ ...container, image }));
  return { ...spec, template: { ...template, spec: { ...template.spec, containers } } };
}

const output = (name: string, ...path: string[]) =>
  pulumi.output(
    path.reduce<unknown>((value, step) => (value as pulumi.Output<Props> & Props)[step], made.get(name)),
  ) as pulumi.Output<string>;

const inAwsCluster = (): pulumi.CustomResourceOptions => ({
  provider: made.get("aws-main-kubernetes") as pulumi.ProviderResource,
});
const metadata = { name: "raw", namespace: "twocloud-gateway" };
const endpoint = (target: object) => ({
  apiVersion: "gateway.envoyproxy.io/v1alpha1",
  kind: "Backend",
  metadata,
  spec: { endpoints: [target] },
});

export const breakages: Readonly<Record<string, Breakage>> = {
  "fallback on the primary's registry": {
    rule: "shared-fate",
    says: "support-chat/gcp-main can be lost together with its primary support-chat/azure-main: both need the registry azure-main-registry-registry",
    change: {
      name: "support-chat-gcp-main-server-replicas",
      type: "Deployment",
      props: (props) => ({
        ...props,
        spec: withImage(
          props.spec as Workload,
          pulumi.interpolate`${output("azure-main-registry-registry", "loginServer")}/vllm@sha256:${"0".repeat(64)}`,
        ),
      }),
    },
  },
  "fallback on the primary's key": {
    rule: "shared-fate",
    says: "both need the keys azure-main-cluster-secrets",
    change: {
      name: "support-chat-gcp-main-weights-bucket",
      type: "Bucket",
      props: (props) => ({ ...props, encryption: { defaultKmsKeyName: output("azure-main-cluster-secrets", "id") } }),
    },
  },
  "fallback on the primary's issuer": {
    rule: "shared-fate",
    says: "both need the identity-issuer azure-main-cluster-cluster",
    change: {
      name: "aws-main-access-from-aws-main-issuer",
      type: "OpenIdConnectProvider",
      props: (props) => ({
        ...props,
        url: output("azure-main-cluster-cluster", "oidcIssuerProfile").apply(
          (profile) => (profile as unknown as { issuerURL: string }).issuerURL,
        ),
      }),
    },
  },
  "route without traffic policy": {
    rule: "route-traffic-policy",
    says: "AIGatewayRoute twocloud-gateway/support-chat has no BackendTrafficPolicy",
    undrilled: true,
    change: {
      name: "aws-main-support-chat-traffic",
      type: "BackendTrafficPolicy",
      props: (props) => ({ ...props, metadata: { name: "support-chat", namespace: "default" } }),
    },
  },
  "backend without TLS": {
    rule: "backend-tls",
    says: "Backend twocloud-gateway/raw has no BackendTLSPolicy",
    add: () =>
      void new CustomResource(
        "raw-backend",
        endpoint({ fqdn: { hostname: "models.example.com", port: 443 } }),
        inAwsCluster(),
      ),
  },
  "backend by IP": {
    rule: "backend-tls",
    says: "allowed is exactly one, by DNS name",
    add: () =>
      void new CustomResource("raw-address", endpoint({ ip: { address: "203.0.113.9", port: 443 } }), inAwsCluster()),
  },
  "static key of a cloud": {
    rule: "access-keys",
    says: "raw-key (aws:iam/accessKey:AccessKey): is made, which is never right",
    add: () =>
      void new AccessKey(
        "raw-key",
        { user: "somebody" },
        { provider: made.get("aws-main") as pulumi.ProviderResource },
      ),
  },
  "static key in a gateway": {
    rule: "no-static-keys",
    says: "uses a stored key (awsCredentials.credentialsFile)",
    undrilled: true,
    change: {
      name: "aws-main-support-chat-support-chat-aws-main-credential",
      type: "BackendSecurityPolicy",
      props: (props) => ({
        ...props,
        spec: {
          ...(props.spec as Props),
          awsCredentials: { region: "eu-west-1", credentialsFile: { secretRef: { name: "aws-key" } } },
        },
      }),
    },
  },
  "foreign path that the address rules drop": {
    rule: "reachability",
    says: "networkAcls.ipRules of azure-main-models-account: it does not let",
    change: {
      name: "azure-main-models-account",
      type: "Account",
      props: (props) => {
        const { customSubDomainName } = props.properties as Props;
        return {
          ...props,
          properties: {
            customSubDomainName,
            disableLocalAuth: true,
            publicNetworkAccess: "Enabled",
            networkAcls: { defaultAction: "Deny", ipRules: [{ value: "192.0.2.77" }] },
          },
        };
      },
    },
  },
};

/** What only the cloud can tell: a first preview lets it pass, and a state shows it. */
export const lateBreakages: Readonly<Record<string, Breakage>> = {
  "right to every model": {
    rule: "model-permissions",
    says: "aws-main-access-from-aws-main-models (aws:iam/rolePolicy:RolePolicy)",
    change: {
      name: "aws-main-access-from-aws-main-models",
      type: "RolePolicy",
      props: (props) => ({ ...props, policy: pulumi.output(props.policy as string).apply(withEveryModel) }),
    },
  },
};

function withEveryModel(policy: string): string {
  const { Statement, ...rest } = JSON.parse(policy) as { readonly Statement: readonly Props[] };
  return JSON.stringify({
    ...rest,
    Statement: [...Statement, { Effect: "Allow", Action: "bedrock:*", Resource: "*" }],
  });
}

/** Changes the program that is about to run. @param names comma between them @returns what has to be done after it */
export function prepare(names = ""): () => void {
  const all = { ...breakages, ...lateBreakages };
  const chosen = names.split(",").flatMap((name) => all[name] ?? []);
  pulumi.runtime.registerStackTransformation(({ resource, name: logicalName, type, props, opts }) => {
    // A component may have the name of one of its children, and a provider that of a location.
    if (!made.has(logicalName) || type.startsWith("pulumi:providers:") || !type.startsWith("twocloud:"))
      made.set(logicalName, resource);
    const change = chosen.find(
      (one) => one.change?.name === logicalName && type.endsWith(`:${one.change.type}`),
    )?.change;
    return change === undefined ? undefined : { props: change.props(props as Props), opts };
  });
  return () => {
    for (const { add } of chosen) add?.();
  };
}
