import type * as pulumi from "@pulumi/pulumi";
import type { Location } from "../plan/types.ts";

/** How callers find one gateway: its name in a zone of the same cloud, a static address, the right to prove the name. */
export interface GatewayEntryArgs {
  location: Location;
  /** DNS zone that is made here and delegated by the team once, `ai.example.com`. */
  zone: string;
  /** The gateway's full name in that zone. */
  host: string;
  /** OIDC issuer of the gateway's cluster: cert-manager's service account may write challenge records in the zone. */
  issuerUrl: pulumi.Input<string>;
  /**
   * See `Cluster.loadBalancerPrincipal`: it may then give the address to a load balancer.
   * @default nobody, which Azure's component refuses: its load balancer could not use the address
   */
  loadBalancerPrincipal?: pulumi.Input<string>;
  /** See `Network`. */
  scope: pulumi.Input<string>;
  publicSubnetIds: pulumi.Input<string[]>;
  protect: boolean;
  tags: Record<string, string>;
}

export interface GatewayEntry {
  /** Address (Azure, GCP) or allocation ids joined by comma (AWS) that the load balancer is given. */
  readonly address: pulumi.Output<string>;
  /** Annotations that the gateway's Service of type LoadBalancer needs on this cloud. */
  readonly serviceAnnotations: pulumi.Output<Record<string, string>>;
  /** Value of `spec.loadBalancerIP`; empty where annotations say it. */
  readonly loadBalancerIp: pulumi.Output<string>;
  /** `solvers[0].dns01` of the ACME issuer; an empty object where the load balancer brings its own certificate. */
  readonly dnsChallenge: pulumi.Output<Record<string, unknown>>;
  /** Annotations and labels of cert-manager's service account and pods (workload identity of the cloud). */
  readonly certificateServiceAccount: pulumi.Output<{
    annotations: Record<string, string>;
    podLabels: Record<string, string>;
  }>;
}
