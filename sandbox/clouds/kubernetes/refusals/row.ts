/**
 * The cells that most objects share. Codes are the API server's reasons
 * (https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#StatusReason), pages those of the kind.
 */
import type { DocumentedRefusal, NoSuchRule, RefusalRow } from "../../../cloud.ts";

export const DOCS = "https://kubernetes.io/docs";

/** "Cannot be updated", say the fields `name` and `namespace`. */
const META = "https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#ObjectMeta";
const NAMES = `${DOCS}/concepts/overview/working-with-objects/names/`;

/** An object of that namespace can't be made before the namespace is. */
export const inNamespace: DocumentedRefusal = {
  code: "NotFound",
  source: `${DOCS}/reference/access-authn-authz/admission-controllers/#namespacelifecycle`,
};

export const standsAlone: NoSuchRule = { none: "an object of the cluster that names no other which must be there" };

const nowhere: NoSuchRule = { none: "an object belongs to a cluster, wherever that is" };

/** What most kinds have: whatever names them goes on without, or waits until there is one again. */
export const deletable: NoSuchRule = { none: "the API server deletes it although others name it" };

/**
 * The row of a kind.
 * @param page what Kubernetes says about the kind
 * @param cells what differs from a kind in a namespace that is neither placed nor protected
 */
export function objectRow(page: string, cells: Partial<RefusalRow> = {}): RefusalRow {
  const source = page.startsWith("https:") ? page : `${DOCS}${page}`;
  return {
    required: { code: "Invalid", source },
    immutable: { code: "Invalid", source: META },
    reference: inNamespace,
    name: { code: "Invalid", source: NAMES },
    placement: nowhere,
    limit: { code: "Invalid", source },
    inUse: deletable,
    ...cells,
  };
}

/** The rule that a page states of a kind. */
export function invalidBy(page: string): DocumentedRefusal {
  return { code: "Invalid", source: `${DOCS}${page}` };
}
