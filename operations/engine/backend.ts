import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import type { Engine } from "./engine.ts";
import type { StateFiles } from "./state-file.ts";

/** The backend that somebody is logged in to. */
export interface Backend {
  /** Who, as the backend names him; undefined when nobody is logged in. */
  readonly user?: string;
  /** `file://…`, `s3://…`, `https://api…`. */
  readonly url?: string;
  /** What the engine said instead. */
  readonly problem?: string;
}

export async function backendOf(engine: Engine): Promise<Backend> {
  const result = await engine.command(["whoami", "--json"]);
  if (!result.ok) return { problem: result.output.trim() };
  try {
    const { user, url } = JSON.parse(result.output) as Backend;
    return { ...(user === undefined ? {} : { user }), ...(url === undefined ? {} : { url }) };
  } catch {
    return { problem: result.output.trim() };
  }
}

/** The folder of a backend of files, which can be looked at without the engine; undefined for any other. */
export function filesOf({ url = "" }: Backend, project: string, stack: string): StateFiles | undefined {
  if (!url.startsWith("file://")) return undefined;
  const plain = url.replace(/\?.*$/, "");
  const backend = plain.startsWith("file://~") ? plain.replace("file://~", homedir()) : fileURLToPath(plain);
  return { backend, project, stack };
}
