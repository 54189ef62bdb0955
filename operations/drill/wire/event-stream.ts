import { crc32 } from "node:zlib";

/**
 * One message of AWS's binary event stream: lengths, checksums, three string headers, JSON.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html (the framing is the same for all services)
 * @param type of the event, as `contentBlockDelta`
 * @param payload its body, JSON as a rule
 */
export function eventMessage(type: string, payload: string): Buffer {
  const headers = Buffer.concat([
    header(":event-type", type),
    header(":content-type", "application/json"),
    header(":message-type", "event"),
  ]);
  const body = Buffer.from(payload);
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(16 + headers.length + body.length, 0);
  prelude.writeUInt32BE(headers.length, 4);
  const framed = Buffer.concat([prelude, sum(prelude), headers, body]);
  return Buffer.concat([framed, sum(framed)]);
}

const stringType = 7;

function header(name: string, value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(value.length);
  return Buffer.concat([
    Buffer.from([name.length]),
    Buffer.from(name),
    Buffer.from([stringType]),
    length,
    Buffer.from(value),
  ]);
}

function sum(data: Buffer): Buffer {
  const result = Buffer.alloc(4);
  result.writeUInt32BE(crc32(data));
  return result;
}
