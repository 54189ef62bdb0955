import { z } from "zod";
import { UsageError } from "../../commands/load.ts";
import type { State } from "../../engine/state.ts";
import type { Caller } from "../client.ts";

/** The part of a stack's output `inventory` that a live drill goes by. */

const inventory = z.object({
  gateways: z.array(
    z.object({
      location: z.string(),
      url: z.url({ protocol: /^https$/ }),
      /** Paths in the order in which the gateway tries them. */
      routes: z.array(z.object({ workload: z.string(), paths: z.array(z.string()) })),
    }),
  ),
  workloads: z.array(
    z.object({ name: z.string(), paths: z.array(z.object({ id: z.string(), modelId: z.string().optional() })) }),
  ),
});
export type Inventory = z.infer<typeof inventory>;

/** @throws UsageError when the state has no inventory, or one of another form */
export function inventoryIn({ resources = [] }: State, stack: string): Inventory {
  const found = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs?.inventory;
  const up = `bring it up with this version: npm run twocloud -- up --stack ${stack}`;
  if (found === undefined) {
    throw new UsageError(
      `The state of ${stack} has no output inventory: nothing is deployed to call. To mend it, ${up}`,
    );
  }
  const read = inventory.safeParse(found);
  if (read.success) return read.data;
  throw new UsageError(
    `The inventory of ${stack} is not of the form that this version writes:\n${z.prettifyError(read.error)}\nTo mend it, ${up}`,
  );
}

/** A caller of each gateway, by its location. */
export function callersOf({ gateways }: Inventory, token: string, authority?: string): ReadonlyMap<string, Caller> {
  return new Map(
    gateways.map(({ location, url }) => {
      const { hostname, port } = new URL(url);
      const trust = authority === undefined ? {} : { authority };
      return [location, { host: hostname, port: port === "" ? 443 : Number(port), token, ...trust }];
    }),
  );
}
