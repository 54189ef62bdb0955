import type * as pulumi from "@pulumi/pulumi";
import type { Gateway, Location, Path, Route } from "../plan/types.ts";
import type { GatewayChart, GatewayImage } from "./names.ts";

/** When a request leaves a path for the next one, and when it comes back. Durations are whole milliseconds. */
export interface FailoverConditions {
  /** Answers that count as a failure of the path. A 400 is the caller's fault on every path, so it is not among them. */
  readonly statusCodes: readonly number[];
  /** Tries on one path before the next. */
  readonly attemptsPerPath: number;
  /** Longest wait for the first byte of an answer. */
  readonly attemptTimeoutMs: number;
  readonly backOffMs: { readonly base: number; readonly max: number };
  /** Failures in a row after which a path is left alone for `ejectionMs`. */
  readonly ejectAfter: {
    /** 502, 503 and 504 answers. */
    readonly gatewayErrors: number;
    /** Timeouts, resets and refused connections. */
    readonly connectionFailures: number;
  };
  /** How often ejections are decided and ended. */
  readonly checkIntervalMs: number;
  /** How long the first ejection lasts; each further one lasts that much longer. */
  readonly ejectionMs: number;
}

/** One workload's way through one gateway. Says nothing of the product that routes. */
export interface InferenceRouteArgs {
  /** The gateway that the route is for. */
  gateway: Gateway;
  /** What the gateway tries, first to last. */
  route: Route;
  /** The workload's paths. */
  paths: readonly Path[];
  /** The locations of those paths. */
  locations: readonly Location[];
  /**
   * Longest time a whole request may take, streaming included, seconds.
   * @default 300: long streams end, hung ones do too
   */
  requestTimeoutSeconds?: number;
  /** @default the measured policy for streamed answers, `measuredFailover` */
  failover?: FailoverConditions;
}

/** An image as the lock file has it. */
export interface LockedImage {
  tag: string;
  /** `sha256:…`; null while no source states it. */
  digest: string | null;
}

/** A Helm chart as the lock file has it. */
export interface LockedChart {
  /** Reference of the chart, or its name when `repository` is given. */
  chart: pulumi.Input<string>;
  /** Address of the chart repository. @default none: `chart` is a whole reference */
  repository?: pulumi.Input<string>;
  version: string;
}

/** The right to call the managed models of one location: see `ModelAccess`. */
export interface GatewayAccess {
  target: Location;
  principal: pulumi.Input<string>;
  audience: string;
}

/** Another gateway that may send requests here, or that requests are sent to. */
export interface PeerGateway {
  location: Location;
  /** Public name of it. */
  host: string;
  /** OIDC issuer of its cluster. */
  issuerUrl: pulumi.Input<string>;
  /** Addresses that its requests come from, IPv4 without prefix length. */
  egressAddresses: pulumi.Input<string[]>;
  /** This gateway sends requests to it: for a path that only it reaches. */
  called: boolean;
  /** It sends requests here. */
  calling: boolean;
}

/** Whose tokens are accepted from applications. */
export interface ClientIssuer {
  readonly name: string;
  readonly issuer: string;
  readonly jwksUri: string;
  readonly audience: string;
}

/** The request router of one location. */
export interface InferenceGatewayArgs {
  location: Location;
  gateway: Gateway;
  /** Prefix of every image: see `Registry.imagePrefix`. */
  imagePrefix: pulumi.Input<string>;
  images: Record<GatewayImage, LockedImage>;
  charts: Record<GatewayChart, LockedChart>;
  /** Where applications call from, IPv4 CIDRs; everybody else is dropped by the load balancer. */
  clientCidrs: readonly string[];
  clientIssuers: readonly ClientIssuer[];
  peers: readonly PeerGateway[];
  accesses: readonly GatewayAccess[];
  /** See `GatewayEntry`. */
  serviceAnnotations: pulumi.Input<Record<string, string>>;
  loadBalancerIp: pulumi.Input<string>;
  dnsChallenge: pulumi.Input<Record<string, unknown>>;
  certificateServiceAccount: pulumi.Input<{ annotations: Record<string, string>; podLabels: Record<string, string> }>;
  /** The certificate authority that proves the gateway's name; unused where `dnsChallenge` is empty. */
  certificateAuthority: { directory: string; email: string };
}
