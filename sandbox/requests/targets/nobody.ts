/** Names of public zones that lead to addresses at which nothing answers. */
import { drop } from "../causes.ts";
import { publicZone, recordsIn } from "../records.ts";
import { spansOfAll, textOf } from "../spans.ts";
import type { Target } from "../target.ts";

/** Asked last, when nobody else knows the name. */
export const nobody: Target = {
  knows: (held, host) => {
    const zone = publicZone(held, host);
    return zone !== undefined && recordsIn(held, zone, host).addresses.length > 0;
  },
  publicly: (held, host) => {
    const zone = publicZone(held, host);
    const addresses = zone === undefined ? [] : recordsIn(held, zone, host).addresses;
    return { to: "internet", addresses: spansOfAll(addresses), exact: true };
  },
  receive: ({ backend, host, way }) => {
    const why = `it names ${host}, which leads to ${textOf(way.addresses)}, and nothing that the clouds hold answers there`;
    return drop("noBalancer", backend, why, "Make what answers by that name, or correct the host");
  },
};
