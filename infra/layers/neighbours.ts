import * as pulumi from "@pulumi/pulumi";
import type { Network } from "../../components/network/types.ts";
import type { KeptLocation } from "../without.ts";
import type { BuiltCluster } from "./clusters.ts";

/** What a location shows to the others, whether it is built in this run or left as it is. */
export interface Neighbour {
  /** Addresses that its requests come from, IPv4 without prefix length. */
  readonly egressAddresses: pulumi.Output<string[]>;
  /** OIDC issuer of its cluster; absent where it has none, like the rest. */
  readonly issuerUrl?: pulumi.Output<string>;
  readonly keyId?: pulumi.Output<string>;
  readonly imagePrefix?: pulumi.Output<string>;
  /** Left as it is: rights to call its models, by the gateway's location. */
  readonly kept?: KeptLocation["accesses"];
}

export function neighboursOf(
  networks: ReadonlyMap<string, Network>,
  clusters: ReadonlyMap<string, BuiltCluster>,
  kept: ReadonlyMap<string, KeptLocation>,
): Map<string, Neighbour> {
  const built = [...networks].map(([name, { egressAddresses }]): [string, Neighbour] => {
    const { cluster, registry } = clusters.get(name) ?? {};
    if (cluster === undefined || registry === undefined) return [name, { egressAddresses }];
    const { issuerUrl, keyId } = cluster;
    return [name, { egressAddresses, issuerUrl, keyId, imagePrefix: registry.imagePrefix }];
  });
  const left = [...kept].map(([name, { accesses, ...known }]): [string, Neighbour] => [
    name,
    {
      egressAddresses: pulumi.output(known.egressAddresses),
      ...present("issuerUrl", known.issuerUrl),
      ...present("keyId", known.keyId),
      ...present("imagePrefix", known.imagePrefix),
      kept: accesses,
    },
  ]);
  return new Map([...built, ...left]);
}

function present<K extends string>(key: K, value: string | null): Partial<Record<K, pulumi.Output<string>>> {
  return value === null ? {} : ({ [key]: pulumi.output(value) } as Record<K, pulumi.Output<string>>);
}

/** The issuer of a location that has a gateway. */
export function issuerOf(neighbour: Neighbour): pulumi.Output<string> {
  if (neighbour.issuerUrl === undefined) throw new Error("a gateway's location has no cluster");
  return neighbour.issuerUrl;
}
