/** Whether a rule is for a port, in each of the clouds' notations. Requests are TCP but for DNS. Pure. */
import { asList, asObject } from "../values.ts";

/** A port at which something listens, with the names that its pods give it. */
export interface Port {
  readonly number: number;
  readonly protocol: "TCP" | "UDP";
  readonly names?: readonly string[];
}

export const tcp = (number: number, names: readonly string[] = []): Port => ({ number, protocol: "TCP", names });

/** `ports` of a rule of a NetworkPolicy; none: all. https://kubernetes.io/docs/concepts/services-networking/network-policies/ */
export function inPolicyPorts(ports: unknown, port: Port): boolean {
  const all = asList(ports).map(asObject);
  return all.length === 0 || all.some((one) => isPolicyPort(one, port));
}

function isPolicyPort(one: Readonly<Record<string, unknown>>, port: Port): boolean {
  if ((one.protocol ?? "TCP") !== port.protocol) return false;
  if (one.port === undefined) return true;
  if (typeof one.port === "string") return port.names?.includes(one.port) === true;
  const first = Number(one.port);
  return port.number >= first && port.number <= Number(one.endPort ?? first);
}

/** Protocol and ports of a rule of an AWS security group. */
export function inGroupPorts(protocol: unknown, fromPort: unknown, toPort: unknown, port: Port): boolean {
  const name = String(protocol).toLowerCase();
  if (name === "-1" || name === "all") return true;
  if (!isProtocol(name, port)) return false;
  return port.number >= Number(fromPort) && port.number <= Number(toPort);
}

/** `443`, `8000-8010` or `*` of an Azure security rule. */
export function inRuleRanges(ranges: readonly unknown[], port: Port): boolean {
  return ranges.some((range) => range === "*" || inRange(String(range), port.number));
}

/** A protocol of an Azure security rule, or of a GCP firewall rule. */
export function isProtocol(protocol: unknown, port: Port): boolean {
  const name = String(protocol).toLowerCase();
  const number = port.protocol === "TCP" ? "6" : "17";
  return name === "*" || name === "all" || name === port.protocol.toLowerCase() || name === number;
}

/** `allows` or `denies` of a GCP firewall rule; without ports: all. */
export function inFirewallPorts(entries: unknown, port: Port): boolean {
  return asList(entries)
    .map(asObject)
    .some(({ protocol, ports }) => {
      const ranges = asList(ports);
      return (
        isProtocol(protocol, port) &&
        (ranges.length === 0 || ranges.some((range) => inRange(String(range), port.number)))
      );
    });
}

function inRange(range: string, number: number): boolean {
  const [first, last] = range.split("-").map(Number);
  return first !== undefined && number >= first && number <= (last ?? first);
}
