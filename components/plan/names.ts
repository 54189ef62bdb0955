import { createHash } from "node:crypto";

/**
 * A physical name where the cloud or a contract demands a fixed one: readable prefix + 8 hexadecimal characters of
 * what makes it unique. The same input gives the same name for ever.
 *
 * @param readable What a person should recognise, lower kebab; cut to fit.
 * @param unique Everything that sets this thing apart (environment, account, role).
 * @param maxLength The cloud's limit, characters.
 * @param separator Put between prefix and hash; "" where the cloud allows letters and digits only. @default "-"
 */
export function stableName(readable: string, unique: string, maxLength: number, separator: "-" | "" = "-"): string {
  const hash = createHash("sha256").update(unique).digest("hex").slice(0, 8);
  const letters = separator === "" ? readable.replaceAll("-", "") : readable;
  const prefix = letters.slice(0, maxLength - hash.length - separator.length).replace(/-+$/, "");
  return `${prefix}${separator}${hash}`;
}
