import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/**
 * What a path answers: JSON that may name the site's own address, a text (of which only the first `cutAt` characters come
 * before the connection is cut), another path to go to, or nothing at all. A path that is not listed answers 404.
 */
export type Answer =
  | { readonly json: (base: string) => unknown }
  | { readonly text: string; readonly cutAt?: number }
  | { readonly redirect: string }
  | "silent";

/** Starts a site for releases and their files on loopback until the test's end; returns its address. */
export async function releaseSite(answers: Readonly<Record<string, Answer>>): Promise<string> {
  let base = "";
  const server = createServer(({ url = "" }, response) => reply(answers[url], response, base));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return base;
}

function reply(answer: Answer | undefined, response: ServerResponse, base: string): void {
  if (answer === "silent") return;
  if (answer === undefined) response.writeHead(404).end();
  else if ("redirect" in answer) response.writeHead(302, { location: answer.redirect }).end();
  else if ("json" in answer) response.end(JSON.stringify(answer.json(base)));
  else if (answer.cutAt === undefined) response.end(answer.text);
  else response.write(answer.text.slice(0, answer.cutAt), () => response.destroy());
}
