import { Agent, request } from "node:https";

/** Requests to an API server on the loopback. */

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** What the server accepts, but would rather not see. */
  readonly warnings: readonly string[];
}

export type Client = (
  method: string,
  path: string,
  body?: { readonly type: string; readonly text: string },
) => Promise<Answer>;

export interface Endpoint {
  readonly port: number;
  /** PEM; no other authority is trusted. */
  readonly ca: string;
  readonly token: string;
}

/** Requests at a time: the server refuses more than it has seats for. */
const atATime = 8;

export function newClient({ port, ca, token }: Endpoint): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: atATime });
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": body.type, "content-length": Buffer.byteLength(body.text) }),
      };
      const sent = request({ host: "127.0.0.1", port, path, method, ca, agent, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(parts).toString(),
            warnings: warningsOf(response.headersDistinct.warning ?? []),
          }),
        );
      });
      sent.on("error", reject);
      sent.end(body?.text);
    });
}

/** `299 - "text"`, with the quotation marks inside escaped. */
function warningsOf(headers: readonly string[]): string[] {
  return headers.map((header) => /^\d+ \S+ "(.*)"$/s.exec(header)?.[1]?.replaceAll('\\"', '"') ?? header);
}
