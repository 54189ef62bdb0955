import { at, type Graph, listAt, type Node, unknown } from "./graph.ts";
import { type ClusterObject, objectsOf } from "./kubernetes.ts";

/** Who may write the Secrets of a namespace, read from its roles and bindings. */

/** A role's right to write Secrets. */
export interface WriteRight {
  readonly role: ClusterObject;
  /** Undefined: every Secret that the role reaches. */
  readonly names: readonly unknown[] | undefined;
  readonly subjects: readonly Subject[];
}

export interface Subject {
  readonly kind: unknown;
  readonly name: unknown;
  readonly namespace: unknown;
}

/** Rights that reach Secrets in a namespace of a cluster, bound or not. */
export function writersIn(graph: Graph, cluster: string, namespace: string | undefined): WriteRight[] {
  const inCluster = (one: ClusterObject) => one.cluster === cluster;
  const group = "rbac.authorization.k8s.io";
  const bindings = objectsOf(graph, group, "RoleBinding").filter((one) => inCluster(one) && reaches(one, namespace));
  const wide = objectsOf(graph, group, "ClusterRoleBinding").filter(inCluster);
  const roles = objectsOf(graph, group, "Role").filter((one) => inCluster(one) && reaches(one, namespace));
  const clusterRoles = objectsOf(graph, group, "ClusterRole").filter(inCluster);
  return [
    ...roles.flatMap((role) => rightsOf(graph, role, bindings, "Role")),
    ...clusterRoles
      .flatMap((role) => rightsOf(graph, role, [...bindings, ...wide], "ClusterRole"))
      .filter(({ subjects }) => subjects.length > 0),
  ];
}

const reaches = (one: ClusterObject, namespace: string | undefined) =>
  one.namespace === namespace || one.namespace === undefined;

function rightsOf(graph: Graph, role: ClusterObject, bindings: readonly ClusterObject[], kind: string): WriteRight[] {
  const rules = listAt(role.node.props, "rules");
  const subjects = bindings
    .filter((binding) => binds(binding, role, kind))
    .flatMap((binding) => subjectsOf(graph, binding));
  if (rules === unknown) return [{ role, names: undefined, subjects }];
  return rules.filter(writesSecrets).map((rule) => {
    const names = listAt(rule, "resourceNames");
    return { role, names: names === unknown || names.length === 0 ? undefined : names, subjects };
  });
}

function binds(binding: ClusterObject, role: ClusterObject, kind: string): boolean {
  const ref = at(binding.node.props, "roleRef");
  const found = at(ref, "name");
  const byReference = (binding.node.propertyDependencies.roleRef ?? []).includes(role.node.urn);
  return byReference || ((at(ref, "kind") ?? kind) === kind && found === role.name && found !== undefined);
}

function subjectsOf(graph: Graph, { node, namespace }: ClusterObject): Subject[] {
  const subjects = listAt(node.props, "subjects");
  if (subjects === unknown) return [{ kind: unknown, name: unknown, namespace: unknown }];
  return subjects.map((subject) => ({
    kind: at(subject, "kind"),
    name: at(subject, "name") === unknown ? nameByReference(graph, node) : at(subject, "name"),
    namespace: at(subject, "namespace") ?? namespace,
  }));
}

/** A name that is not known yet is that of the one account which the binding was made from. */
function nameByReference(graph: Graph, binding: Node): unknown {
  const madeFrom = (binding.propertyDependencies.subjects ?? []).flatMap((urn) => graph.nodes.get(urn) ?? []);
  const accounts = madeFrom.filter(({ type }) => type === "kubernetes:core/v1:ServiceAccount");
  return accounts.length === 1 ? at(accounts[0]?.props, "metadata", "name") : unknown;
}

const writing = ["*", "create", "update", "patch"];

function writesSecrets(rule: unknown): boolean {
  const has = (key: string, wanted: readonly string[]) => {
    const found = listAt(rule, key);
    return found === unknown || found.some((one) => one === unknown || wanted.includes(String(one)));
  };
  return has("apiGroups", ["", "*"]) && has("resources", ["*", "secrets"]) && has("verbs", writing);
}

/** What the program itself puts into a Secret; `unknown` where it puts in something that is not known. */
export function contentsOf(secret: Node): Readonly<Record<string, unknown>> | typeof unknown {
  const given = secret.inputs ?? secret.props;
  const parts = ["data", "stringData"].map((key) => at(given, key));
  if (parts.includes(unknown)) return unknown;
  return Object.assign({}, ...parts.filter((part) => part !== null && typeof part === "object")) as Record<
    string,
    unknown
  >;
}
