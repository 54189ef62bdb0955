/** Addresses that firewalls of Azure's services take: of the internet, not of private ranges. */
import { knownString } from "../../values.ts";
import { type Block, parseBlock } from "../ipv4.ts";

const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** The range, or the address as a range of one; undefined if it is malformed or private. An unknown one is undefined, too. */
export function internetRange(value: unknown): Block | undefined {
  const text = knownString(value);
  if (text === undefined) return undefined;
  const block = parseBlock(text.includes("/") ? text : `${text}/32`);
  const ranges = PRIVATE.map((range) => parseBlock(range));
  const isPrivate = ranges.some((range) => range && block && range.first <= block.first && block.last <= range.last);
  return isPrivate ? undefined : block;
}
