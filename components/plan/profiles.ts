import type { Profile } from "./types.ts";

/** What an environment decides. `dev` is small and cheap; `prod` survives the loss of a zone and of a wrong click. */
export const profiles: Readonly<Record<"dev" | "staging" | "prod", Profile>> = {
  dev: {
    production: false,
    protect: false,
    zoneRedundant: false,
    gatewayReplicas: 1,
    systemNodes: { min: 1, max: 3 },
    logRetentionDays: 7,
  },
  staging: {
    production: true,
    protect: false,
    zoneRedundant: false,
    gatewayReplicas: 2,
    systemNodes: { min: 2, max: 4 },
    logRetentionDays: 30,
  },
  prod: {
    production: true,
    protect: true,
    zoneRedundant: true,
    gatewayReplicas: 3,
    systemNodes: { min: 3, max: 6 },
    logRetentionDays: 365,
  },
};
