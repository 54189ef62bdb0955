import type { Server } from "node:http";

export interface RefresherSettings {
  mode: "entra" | "forward";
  tokenFile: string;
  namespace: string;
  secretName: string;
  apiServer: string;
  apiTokenFile: string;
  port: number;
  entra: { authority: string; tenant: string; clientId: string; scope: string } | null;
}

export interface FetchedToken {
  token: string;
  /** Seconds since 1970. */
  expiresAt: number;
}

export function settingsFrom(env: Record<string, string | undefined>): RefresherSettings;
export function fetchToken(settings: RefresherSettings, now: number): Promise<FetchedToken>;
export function expiryOf(token: string): number;
export function writeSecret(settings: RefresherSettings, fetched: FetchedToken, now: number): Promise<void>;
export class Refresher {
  constructor(settings: RefresherSettings, now: number);
  lastSuccess: number | null;
  expiresAt: number | null;
  round(now: number): Promise<number>;
  lost(now: number): boolean;
  metrics(now: number): string;
}
export function serve(refresher: Refresher, port: number, clock?: () => number): Promise<Server>;
export function run(env: Record<string, string | undefined>): Promise<never>;
