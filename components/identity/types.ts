import type * as pulumi from "@pulumi/pulumi";
import type { Location } from "../plan/types.ts";

/**
 * A gateway's right to call the managed models of one location, without a stored key: the target cloud trusts the
 * token that the gateway's own cluster issues to one service account, and allows it the named models only.
 */
export interface ModelAccessArgs {
  /** Location whose models may be called; the objects are built there. */
  target: Location;
  /** Location of the gateway that may call. */
  gateway: Location;
  /** OIDC issuer of the gateway's cluster. */
  issuerUrl: pulumi.Input<string>;
  /** The service account: `system:serviceaccount:<namespace>:<serviceAccount>`. */
  namespace: string;
  serviceAccount: string;
  /** Models that may be invoked. */
  models: {
    modelId: string;
    /** AWS: the foundation model behind a profile. */
    foundationModel: string | null;
    /** AWS: every region that the profile may use; null: unknown, then every region of the partition. */
    profileRegions: string[] | null;
  }[];
  /** Addresses that a call from another cloud comes from, IPv4 without prefix length; empty for the location's own gateway. */
  sourceAddresses: pulumi.Input<string[]>;
  /** See `ModelService.serviceId`. */
  serviceId: pulumi.Input<string>;
  /** See `Network.scope`. */
  scope: pulumi.Input<string>;
  /**
   * The target's trust in that issuer, where the target holds only one of it for all accesses: AWS has one identity
   * provider an account and issuer, so a second access of the same gateway to the same account is given the first's.
   * @default the access makes its own
   */
  trustId?: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** What the gateway's pod needs in order to be accepted; none of it is secret. Empty where a cloud has no such thing. */
export interface ModelAccess {
  /** AWS: the role's ARN. Azure: the client id of the identity. GCP: the resource name of the workload identity provider, empty inside GKE. */
  readonly principal: pulumi.Output<string>;
  /** Audience that the projected token must name. */
  readonly audience: string;
}

/** Audiences that each cloud expects in a projected service-account token. */
export const audiences = {
  /** https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html */
  aws: "sts.amazonaws.com",
  /** https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust */
  azure: "api://AzureADTokenExchange",
} as const;
