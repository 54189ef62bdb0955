import { rangeAround } from "../plan/addresses.ts";
import type { Edge } from "../plan/types.ts";
import { maxIssuers } from "./render/access.ts";
import { needsFederation } from "./render/identity.ts";
import type { InferenceGatewayArgs } from "./types.ts";

/** What is wrong with a gateway's arguments, in words; empty if nothing is. */
export function gatewayProblems(args: InferenceGatewayArgs): string[] {
  return [...ownProblems(args), ...callerProblems(args), ...identityProblems(args), ...reachProblems(args)];
}

function ownProblems({ location, gateway }: InferenceGatewayArgs): string[] {
  const problems: string[] = [];
  if (gateway.location !== location.name) {
    problems.push(
      `it is planned for "${gateway.location}" but built in "${location.name}"; pass the location's own gateway`,
    );
  }
  if (!Number.isInteger(gateway.replicas) || gateway.replicas < 1) {
    problems.push(`replicas ${gateway.replicas}: a whole number, at least 1`);
  }
  return problems;
}

function callerProblems({ clientCidrs, clientIssuers, peers }: InferenceGatewayArgs): string[] {
  const problems: string[] = [];
  if (clientCidrs.length === 0) {
    problems.push(
      "clientCidrs is empty, which would open the load balancer to everybody; name the applications' ranges",
    );
  }
  for (const cidr of clientCidrs.filter((text) => rangeAround(text) === undefined)) {
    problems.push(`clientCidrs "${cidr}": an IPv4 range such as 203.0.113.0/24`);
  }
  const issuers = clientIssuers.length + peers.filter(({ calling }) => calling).length;
  if (issuers === 0) problems.push("nobody could call it: name at least one client issuer");
  if (issuers > maxIssuers) problems.push(`${issuers} token issuers: a gateway takes at most ${maxIssuers}`);
  const names = clientIssuers.map(({ name }) => name);
  for (const name of new Set(names.filter((one, index) => names.indexOf(one) !== index))) {
    problems.push(`two client issuers are called "${name}"; give each its own name`);
  }
  return problems;
}

/** The standard credential chains know one identity a process. */
function identityProblems({ location, accesses }: InferenceGatewayArgs): string[] {
  const problems: string[] = [];
  const several = (what: string, found: readonly { target: { name: string } }[]) => {
    if (found.length < 2) return;
    const names = found.map(({ target }) => `"${target.name}"`).join(", ");
    problems.push(`it calls models in ${names}: a proxy can be one ${what} only; route through one of them`);
  };
  several(
    "AWS role",
    accesses.filter(({ target }) => target.cloud === "aws"),
  );
  several(
    "Google identity",
    accesses.filter(({ target }) => target.cloud === "gcp"),
  );
  for (const { target, audience } of accesses) {
    if (target.cloud === "azure" && target.tenant === undefined)
      problems.push(`location "${target.name}" has no tenant, without which no Entra token can be had`);
    if (audience === "" && !(target.cloud === "gcp" && !needsFederation(location, { target }))) {
      problems.push(`access to "${target.name}" has no audience: the projected token must name one`);
    }
  }
  return problems;
}

/** Each edge of the routes needs a credential that is built here. */
function reachProblems({ gateway, accesses, peers }: InferenceGatewayArgs): string[] {
  const targets = new Set(accesses.map(({ target }) => target.name));
  const called = new Set(peers.filter((peer) => peer.called).map(({ host }) => host));
  const problem = (edge: Edge): string | undefined => {
    const location = edge.path.split("/").at(-1) ?? "";
    if (edge.kind === "in-cluster") return undefined;
    if (edge.kind === "gateway-hop") {
      return called.has(edge.host)
        ? undefined
        : `${edge.path} is reached through the gateway ${edge.host}, which is not among the called peers`;
    }
    return targets.has(location)
      ? undefined
      : `${edge.path} is called directly, but there is no access to the models of "${location}"`;
  };
  return [...new Set(gateway.routes.flatMap(({ edges }) => edges.flatMap((edge) => problem(edge) ?? [])))];
}
