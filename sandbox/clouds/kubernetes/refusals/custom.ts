/** Rows of custom kinds, built from their definitions: the API server treats all alike. */
import type { DocumentedRefusal, RefusalRow } from "../../../cloud.ts";
import { crdFor } from "../../../schema/load.ts";
import { customType } from "../custom.ts";
import { DOCS, deletable, objectRow } from "./row.ts";

const DEFINITIONS = `${DOCS}/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/`;

/** What the project says about the kinds of a group. */
const PAGES: Readonly<Record<string, string>> = {
  "aigateway.envoyproxy.io": "https://aigateway.envoyproxy.io/docs/api/",
  "gateway.envoyproxy.io": "https://gateway.envoyproxy.io/docs/api/extension_types/",
  "gateway.networking.k8s.io": "https://gateway-api.sigs.k8s.io/reference/spec/",
  "cert-manager.io": "https://cert-manager.io/docs/reference/api-docs/",
};

/** Kinds that something keeps from going. */
const PROTECTED: Readonly<Record<string, DocumentedRefusal>> = {
  GatewayClass: {
    code: "gateway-exists-finalizer.gateway.networking.k8s.io",
    source: "https://gateway-api.sigs.k8s.io/reference/spec/#gatewayclass",
  },
};

/** The row of a kind; undefined when no definition serves it. */
export function customRow(token: string): RefusalRow | undefined {
  const [, apiVersion = "", kind = ""] = token.split(":");
  const definition = crdFor(apiVersion, kind);
  if (definition === undefined) return undefined;
  const isProtected = (customType(token)?.inUse ?? []).length > 0;
  const page = PAGES[definition.group] ?? DEFINITIONS;
  return objectRow(page, {
    required: { code: "Invalid", source: `${DEFINITIONS}#validation` },
    reference: { code: "NotFound", source: DEFINITIONS },
    inUse: isProtected ? (PROTECTED[kind] ?? deletable) : deletable,
  });
}
