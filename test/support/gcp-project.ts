import { apisToSwitchOn, SERVICE } from "../../sandbox/clouds/gcp/apis.ts";
import type { TestProvider } from "../sandbox/engine.ts";

/** Switches on what a new project has off. */
export async function switchOnApis(provider: TestProvider, project: string): Promise<void> {
  for (const service of apisToSwitchOn) await provider.make(SERVICE, { project, service }, { name: service });
}
