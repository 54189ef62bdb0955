/** The sandbox's clouds, and which type belongs to which. */
import type { CloudPackage, Quota, ResourceType } from "./cloud.ts";
import { aws } from "./clouds/aws/index.ts";
import { azureNative } from "./clouds/azure-native/index.ts";
import { gcp } from "./clouds/gcp/index.ts";
import { kubernetes } from "./clouds/kubernetes/index.ts";

export const cloudPackages: readonly CloudPackage[] = [aws, azureNative, gcp, kubernetes];

const byName = new Map(cloudPackages.map((cloud) => [cloud.name, cloud]));
const byToken = new Map(cloudPackages.flatMap(({ types }) => types.map((type) => [type.token, type] as const)));

/** The cloud that serves a type, function or provider token; undefined for other packages. */
export function cloudOf(token: string): CloudPackage | undefined {
  const [first = "", second, third] = token.split(":");
  return byName.get(first === "pulumi" && second === "providers" ? (third ?? "") : first);
}

/** A type of a cloud by its token; undefined when the sandbox does not know it. */
export function typeOf(cloud: CloudPackage, token: string): ResourceType | undefined {
  return byToken.get(cloud.canonicalToken?.(token) ?? token) ?? cloud.dynamicType?.(token);
}

/** Pulumi packages that the sandbox serves. */
export const packageNames: readonly string[] = cloudPackages.map(({ name }) => name);

/** Quotas that the clouds' accounts have. */
export const allQuotas: readonly Quota[] = cloudPackages.flatMap(({ quotas = [] }) => quotas);

/** Type tokens, without those that anybody may define. */
export const knownTypes: readonly string[] = [...byToken.keys()];

/** The token under which the sandbox keeps a type, whatever API version a program names. */
export function canonicalType(token: string): string {
  return cloudOf(token)?.canonicalToken?.(token) ?? token;
}

export function isKnownType(token: string): boolean {
  const cloud = cloudOf(token);
  return cloud !== undefined && typeOf(cloud, token) !== undefined;
}

/** What to tell somebody who uses a type that the sandbox does not know. */
export function unknownType(token: string): string {
  const known = cloudOf(token)?.types.map((type) => type.token) ?? [];
  const knownText = known.length === 0 ? `packages ${[...byName.keys()].join(", ")}` : known.toSorted().join(", ");
  return `the sandbox does not know ${token}; known are ${knownText}. To add it: sandbox/schema/tokens.ts and sandbox/clouds.`;
}

/** What to tell somebody who calls a function that the sandbox does not know. */
export function unknownFunction(token: string): string {
  const known = Object.keys(cloudOf(token)?.functions ?? {});
  return `the sandbox does not know the function ${token}; known are ${known.toSorted().join(", ") || "none of this package"}. To add it: sandbox/schema/tokens.ts and sandbox/clouds.`;
}
