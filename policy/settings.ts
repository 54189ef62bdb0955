import { parse } from "yaml";
import type { Cloud } from "../components/plan/types.ts";
import { isKeyEntry, providerKeys } from "./credentials.ts";
import type { Graph } from "./graph.ts";
import { cloudsIn, needsOf, workloadsOf } from "./paths.ts";
import type { Finding } from "./rule.ts";
import { visit } from "./texts.ts";

/** What a stack's own settings can do wrong. */

/** What is wrong in a stack's settings file. */
export function settingsFindings(graph: Graph, file: string, text: string): Finding[] {
  const settings = parse(text) as { readonly secretsprovider?: unknown; readonly config?: unknown } | null;
  return [...plainSecrets(file, settings?.config), ...sharedProvider(graph, file, settings?.secretsprovider)];
}

function plainSecrets(file: string, config: unknown): Finding[] {
  const found: string[] = [];
  visit(config, (value, key) => {
    if (typeof value !== "string" || value === "") return;
    const isProviders = providerKeys.includes(key.split(":").at(-1) ?? "");
    if (isProviders || isKeyEntry(key, value) || /(password|passphrase|token|secret)$/i.test(key)) found.push(key);
  });
  return found.map((key) => ({
    message: `${file} holds what looks like a secret in clear: ${key}. Fix: take it out, renew it, and set it with pulumi config set --secret.`,
  }));
}

/** https://www.pulumi.com/docs/iac/concepts/secrets/#available-encryption-providers */
const providerClouds: readonly (readonly [RegExp, Cloud])[] = [
  [/^awskms:/, "aws"],
  [/^azurekeyvault:/, "azure"],
  [/^gcpkms:/, "gcp"],
];

function sharedProvider(graph: Graph, file: string, provider: unknown): Finding[] {
  const cloud = providerClouds.find(([pattern]) => pattern.test(String(provider)))?.[1];
  if (cloud === undefined) return [];
  return workloadsOf(graph)
    .filter(({ critical }) => critical)
    .filter(({ paths }) => {
      const clouds = paths.map((path) => cloudsIn(graph, needsOf(graph, path).keys()));
      return clouds.length > 0 && clouds.every((each) => each.has(cloud));
    })
    .map(({ name: workload }) => ({
      message: `${file} encrypts its secrets with a key in ${cloud}, the cloud that every path of ${workload} is in. Fix: pulumi stack change-secrets-provider to a key elsewhere.`,
    }));
}
