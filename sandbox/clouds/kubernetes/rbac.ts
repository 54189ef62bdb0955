/** Roles and who has them. https://kubernetes.io/docs/reference/access-authn-authz/rbac/ */
import type { Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, isObject, isUnknown, type Properties } from "../../values.ts";
import { objectType } from "./object.ts";
import { invalid, oneOf, required } from "./problems.ts";

const GROUP = "rbac.authorization.k8s.io";
const rbac = `kubernetes:${GROUP}/v1`;

const role = (kind: string, namespaced: boolean) =>
  objectType({
    token: `${rbac}:${kind}`,
    namespaced,
    names: "segment",
    check: (inputs) => asList(inputs.rules).flatMap((rule, index) => ruleProblems(rule, `rules[${index}]`, namespaced)),
  });

/** The role that a binding names cannot be changed: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#clusterrolebinding-example */
const binding = (kind: string, namespaced: boolean, roles: readonly string[]) =>
  objectType({
    token: `${rbac}:${kind}`,
    namespaced,
    names: "segment",
    replaceOn: ["roleRef"],
    check: (inputs) => {
      const { apiGroup = GROUP, kind: named } = asObject(inputs.roleRef);
      return [
        ...oneOf("roleRef.apiGroup", apiGroup, [GROUP]),
        ...oneOf("roleRef.kind", named, roles),
        ...asList(inputs.subjects).flatMap((subject, index) =>
          subjectProblems(asObject(subject), `subjects[${index}]`, namespaced),
        ),
      ];
    },
  });

export const rbacTypes: readonly ResourceType[] = [
  role("Role", true),
  role("ClusterRole", false),
  binding("RoleBinding", true, ["Role", "ClusterRole"]),
  binding("ClusterRoleBinding", false, ["ClusterRole"]),
];

function ruleProblems(rule: unknown, at: string, namespaced: boolean): Problem[] {
  return isObject(rule) ? knownRuleProblems(rule, at, namespaced) : [];
}

function knownRuleProblems(rule: Properties, at: string, namespaced: boolean): Problem[] {
  const urls = asList(rule.nonResourceURLs);
  const isEmpty = (field: string) => !isUnknown(rule[field]) && asList(rule[field]).length === 0;
  const verbs = isEmpty("verbs") ? [required(`${at}.verbs`, "verbs must contain at least one value")] : [];
  if (urls.length === 0) {
    const { apiGroups, resources } = RESOURCE_FIELDS;
    return [
      ...verbs,
      ...(isEmpty("apiGroups") ? [required(`${at}.apiGroups`, apiGroups, 'Name it: "" is the core group')] : []),
      ...(isEmpty("resources") ? [required(`${at}.resources`, resources)] : []),
    ];
  }
  const property = `${at}.nonResourceURLs`;
  const mixed = ["apiGroups", "resources", "resourceNames"].some((field) => asList(rule[field]).length > 0);
  return [
    ...verbs,
    ...(namespaced
      ? [invalid(property, urls, "namespaced rules cannot apply to non-resource URLs", "Use a ClusterRole")]
      : []),
    ...(mixed
      ? [
          invalid(
            property,
            urls,
            "rules cannot apply to both regular resources and non-resource URLs",
            "Make two rules",
          ),
        ]
      : []),
  ];
}

const RESOURCE_FIELDS = {
  apiGroups: "resource rules must supply at least one api group",
  resources: "resource rules must supply at least one resource",
} as const;

function subjectProblems(subject: Properties, at: string, namespaced: boolean): Problem[] {
  const { kind, namespace, apiGroup } = subject;
  const isAccount = kind === "ServiceAccount";
  return [
    ...oneOf(`${at}.kind`, kind, ["Group", "ServiceAccount", "User"]),
    ...(isAccount ? oneOf(`${at}.apiGroup`, apiGroup, [""]) : oneOf(`${at}.apiGroup`, apiGroup, [GROUP])),
    // In a namespace the API server takes it without, and the binding gives nobody anything.
    ...(isAccount && namespace === undefined && !namespaced
      ? [required(`${at}.namespace`, "a subject of kind ServiceAccount has a namespace", "Name its namespace")]
      : []),
  ];
}
