import { crc32 } from "node:zlib";

/** A message of AWS's event stream, read by its framing and not by the code that writes it. */
export interface EventMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string;
}

const stringType = 7;

/** All messages of a stream. @throws Error at a wrong length, checksum or type of header */
export function messagesIn(stream: Buffer): EventMessage[] {
  const found: EventMessage[] = [];
  for (let at = 0; at < stream.length; ) {
    const total = stream.readUInt32BE(at);
    if (at + total > stream.length) throw new Error(`a message of ${total} bytes at ${at} is cut off`);
    found.push(messageOf(stream.subarray(at, at + total)));
    at += total;
  }
  return found;
}

function messageOf(message: Buffer): EventMessage {
  const headersLength = message.readUInt32BE(4);
  if (message.readUInt32BE(8) !== crc32(message.subarray(0, 8))) throw new Error("the prelude's checksum is wrong");
  const end = message.length - 4;
  if (message.readUInt32BE(end) !== crc32(message.subarray(0, end))) throw new Error("the checksum is wrong");
  const headers: Record<string, string> = {};
  for (let at = 12; at < 12 + headersLength; ) {
    const nameEnd = at + 1 + message.readUInt8(at);
    if (message.readUInt8(nameEnd) !== stringType) throw new Error("a header is no string");
    const valueEnd = nameEnd + 3 + message.readUInt16BE(nameEnd + 1);
    headers[message.toString("utf8", at + 1, nameEnd)] = message.toString("utf8", nameEnd + 3, valueEnd);
    at = valueEnd;
  }
  return { headers, payload: message.toString("utf8", 12 + headersLength, end) };
}
