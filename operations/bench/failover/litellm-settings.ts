/**
 * How LiteLLM is set: by the examples of its own documentation, as they were on 2026-05-02, the newest state of the
 * repository BerriAI/litellm-docs that could be read. Version 1.100.5 takes every one of these settings.
 */

type Section = "router_settings" | "litellm_settings";

interface Setting {
  readonly key: string;
  readonly value: number | string;
  /** File of the documentation. */
  readonly source: string;
}

export interface Settings {
  /** Where in its config.yaml they stand. */
  readonly section: Section;
  /** Longest wait of one attempt, seconds. */
  readonly attemptTimeoutSeconds: number;
  readonly values: readonly Setting[];
}

/** Two examples say how long to wait and how often to try again, and they differ. */
export const documented = {
  /** The proxy's example for several deployments of a model, with the cooldown of the router's page. */
  "load-balancing": {
    section: "router_settings",
    attemptTimeoutSeconds: 30,
    values: [
      { key: "routing_strategy", value: "simple-shuffle", source: "docs/proxy/load_balancing.md" },
      { key: "num_retries", value: 2, source: "docs/proxy/load_balancing.md" },
      { key: "timeout", value: 30, source: "docs/proxy/load_balancing.md, docs/proxy/timeout.md" },
      { key: "allowed_fails", value: 3, source: "docs/routing.md" },
      { key: "cooldown_time", value: 30, source: "docs/routing.md" },
    ],
  },
  /** The example of the page on fallbacks, "Fallbacks + Retries + Timeouts + Cooldowns". */
  fallbacks: {
    section: "litellm_settings",
    attemptTimeoutSeconds: 10,
    values: [
      { key: "num_retries", value: 3, source: "docs/proxy/reliability.md" },
      { key: "request_timeout", value: 10, source: "docs/proxy/reliability.md" },
      { key: "allowed_fails", value: 3, source: "docs/proxy/reliability.md" },
      { key: "cooldown_time", value: 30, source: "docs/proxy/reliability.md" },
    ],
  },
} as const satisfies Readonly<Record<string, Settings>>;

export type SettingsName = keyof typeof documented;
export const settingsNames = Object.keys(documented) as readonly SettingsName[];

/** The sections of config.yaml. `fallbacks` (docs/proxy/reliability.md): the groups that take over from a group, in order. */
export function sectionsOf({ section, values }: Settings, group: string, fallbacks: readonly string[]): object {
  const set = Object.fromEntries(values.map(({ key, value }) => [key, value]));
  return { [section]: { ...set, fallbacks: [{ [group]: fallbacks }] } };
}

/** What keeps it to itself, by docs/proxy/cli.md, docs/proxy/config_settings.md and docs/proxy/prod.md. */
export const quiet = {
  args: ["--telemetry", "False"],
  env: {
    /** No `.env` file is read. */
    LITELLM_MODE: "PRODUCTION",
    LITELLM_LOG: "ERROR",
    /** Tables that it would fetch from the network are taken from the package. */
    LITELLM_LOCAL_MODEL_COST_MAP: "True",
    LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS: "True",
    LITELLM_LOCAL_BLOG_POSTS: "True",
    LITELLM_LOCAL_POLICY_TEMPLATES: "true",
  },
} as const;
