import { maxIssuers } from "../../../components/gateway/render/access.ts";
import type { Problem } from "../../../components/plan/problem.ts";
import { gatewayHost } from "../../../components/plan/routing.ts";
import type { Cloud } from "../../../components/plan/types.ts";
import type { ResolvedPath, ResolvedWorkload, StackInput } from "../resolve.ts";
import { gatewayLocations } from "./environment.ts";
import { inEnvironment, placeOf } from "./where.ts";

/** What one gateway can be: whom it calls, who calls it, and under which name. */
export function checkGateways(input: StackInput, workloads: readonly ResolvedWorkload[]): Problem[] {
  const gateways = gatewayLocations(workloads);
  return [
    ...gateways.flatMap((gateway) => checkIdentity(input, workloads, gateway)),
    ...checkIssuers(input, gateways.length),
    ...checkHosts(input),
  ];
}

/** The standard credential chains of these clouds know one identity a process; Azure's tokens are fetched one by one. */
const single: Readonly<Partial<Record<Cloud, string>>> = { aws: "AWS role", gcp: "Google identity" };

function checkIdentity(input: StackInput, workloads: readonly ResolvedWorkload[], gateway: string): Problem[] {
  const called = workloads
    .filter(({ paths }) => paths.some((path) => path.location !== undefined && path.entry.location === gateway))
    .flatMap(({ paths }) => paths.filter((path) => path.entry.serving === "managed"));
  return Object.entries(single).flatMap(([cloud, identity]) => {
    const there = called.filter((path) => path.location?.cloud === cloud);
    const first = there[0];
    const other = there.find((path) => path.entry.location !== first?.entry.location);
    if (first === undefined || other === undefined) return [];
    return [twoIdentities(input, gateway, identity, first, other)];
  });
}

function twoIdentities(
  input: StackInput,
  gateway: string,
  identity: string,
  first: ResolvedPath,
  other: ResolvedPath,
): Problem {
  return {
    ...placeOf(input, other, "location"),
    value: other.entry.location,
    message: `the gateway in ${gateway} would call models in ${first.entry.location} (for ${first.workload}) and here; it can have one ${identity}`,
    allowed: `${first.entry.location}, or workloads that no gateway has in common`,
    fix: "move one of the two paths",
  };
}

/** Each gateway that calls another one is a further issuer there. */
function checkIssuers(input: StackInput, gateways: number): Problem[] {
  const { clientIssuers } = input.overlay.access;
  const most = maxIssuers - Math.max(0, gateways - 1);
  if (clientIssuers.length <= most) return [];
  return [
    {
      ...inEnvironment(input, "access", "clientIssuers"),
      value: `${clientIssuers.length} issuers`,
      message: `a gateway trusts ${maxIssuers} issuers at most, and the other ${gateways - 1} gateways are among them`,
      allowed: `at most ${most}`,
      fix: "let fewer issuers sign the applications' tokens",
    },
  ];
}

/**
 * A certificate's common name is no longer than this (RFC 5280), and ACM puts the first name there:
 * https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
 */
const longestHost = 64;

function checkHosts(input: StackInput): Problem[] {
  return input.overlay.entry.zones.flatMap(({ name }, index) => {
    const host = gatewayHost(name);
    if (host.length <= longestHost) return [];
    return [
      {
        ...inEnvironment(input, "entry", "zones", index, "name"),
        value: name,
        message: `the gateway's name in this zone has ${host.length} characters; a certificate takes ${longestHost}`,
        allowed: `a zone's name of at most ${longestHost - gatewayHost("").length} characters`,
        fix: "use a shorter zone",
      },
    ];
  });
}
