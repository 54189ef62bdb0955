/** The environment in which an engine may run against the sandbox: nothing in it leads to a real cloud. */
import { join } from "node:path";

export interface SandboxPlace {
  /** Port of the sandbox's server. */
  readonly port: number;
  /** An empty directory of the sandbox's own: the home in which SDKs and tools look for logins, and Pulumi for plugins. */
  readonly home: string;
  /** An existing directory for Pulumi's state. */
  readonly backendDir: string;
}

/**
 * What is taken over from the surrounding environment. Everything else stays out, so that a credential variable that
 * nobody has thought of stays out too.
 */
const TAKEN_OVER = [
  "PATH",
  "Path",
  "PATHEXT",
  "SystemRoot",
  "SYSTEMROOT",
  "ComSpec",
  "COMSPEC",
  "LANG",
  "LC_ALL",
  "LC_CTYPE",
  "TERM",
  "COLORTERM",
  "COLUMNS",
  "LINES",
  "NO_COLOR",
  "FORCE_COLOR",
  "CI",
  "TZ",
  "TMPDIR",
  "TMP",
  "TEMP",
  "NODE_COMPILE_CACHE",
  "NODE_NO_WARNINGS",
] as const;

/** The engine is pointed at the sandbox for each of these; any other provider would need a plugin, and none is found. */
const PACKAGES = ["aws", "azure-native", "gcp", "kubernetes"] as const;

/** The engine's setting that attaches all four packages to one port. */
export function debugProviders(port: number): string {
  return PACKAGES.map((name) => `${name}:${port}`).join(",");
}

/**
 * The environment for the Pulumi CLI, its program and its policy packs. Pure: reads only `base`.
 * @returns only the variables listed above and Pulumi's settings for the sandbox
 */
export function sandboxEnvironment(
  base: NodeJS.ProcessEnv,
  { port, home, backendDir }: SandboxPlace,
): NodeJS.ProcessEnv {
  const kept = TAKEN_OVER.flatMap((name) => (base[name] === undefined ? [] : [[name, base[name]] as const]));
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    USERPROFILE: home,
    APPDATA: join(home, "AppData", "Roaming"),
    LOCALAPPDATA: join(home, "AppData", "Local"),
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_CACHE_HOME: join(home, ".cache"),
    XDG_DATA_HOME: join(home, ".local", "share"),
    PULUMI_HOME: join(home, ".pulumi"),
    // Without side files: one that a killed engine left empty makes the whole state unreadable ("EOF").
    PULUMI_BACKEND_URL: `file://${backendDir}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_DEBUG_PROVIDERS: debugProviders(port),
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    /** Makes `--event-log` available, from which the run's providers are read (`isolation.ts`). */
    PULUMI_DEBUG_COMMANDS: "true",
    /** Instance metadata services hand out credentials without any variable or file. */
    AWS_EC2_METADATA_DISABLED: "true",
  };
}
