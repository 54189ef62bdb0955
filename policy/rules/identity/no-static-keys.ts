import { tokenServiceAccount } from "../../../components/gateway/names.ts";
import { isKeyEntry, isKeyVariable, providerKeys } from "../../credentials.ts";
import { at, type Graph, type Node, unknown } from "../../graph.ts";
import { type ClusterObject, named, objectOf, objectsOf, titleOf } from "../../kubernetes.ts";
import { groups } from "../../routes.ts";
import { explainedAt, type Finding, judging, type Rule } from "../../rule.ts";
import { contentsOf, type WriteRight, writersIn } from "../../secrets.ts";
import { visit } from "../../texts.ts";

const name = "no-static-keys";

export const noStaticKeys: Rule = {
  name,
  description:
    "No stored key to a cloud or model in a gateway, a provider, a Secret or a container: backends use identities that the gateway's own cluster vouches for. A bearer token may come from a Secret only if the program leaves it empty and the token refresher's service account alone may write it.",
  severity: "critical",
  tags: ["identity"],
  remediationSteps:
    "Remove the key. Let the target trust the gateway's service account (components/identity), and have tokens fetched by the refresher (components/gateway/tokens.ts).",
  url: explainedAt(name),
  reads: [{ type: "kubernetes:aigateway.envoyproxy.io/v1beta1:BackendSecurityPolicy", path: "spec.type" }],
  looksThrough: [{ type: "kubernetes:*", path: "*" }],
  validateStack: judging((graph) => [
    ...objectsOf(graph, groups.ai, "BackendSecurityPolicy").flatMap((policy) => policyFindings(graph, policy)),
    ...graph.ofType(/^pulumi:providers:(aws|azure-native|gcp)$/).flatMap(providerFindings),
    ...["Secret", "ConfigMap"].flatMap((kind) => objectsOf(graph, "", kind)).flatMap(secretFindings),
    ...graph.ofType(/^kubernetes:/).flatMap((node) => variableFindings(graph, node)),
  ]),
};

/** Fields of a BackendSecurityPolicy that hold or name a stored key. */
const storedKeys: readonly (readonly string[])[] = [
  ["awsCredentials", "credentialsFile"],
  ["azureCredentials", "clientSecretRef"],
  ["gcpCredentials", "credentialsFile"],
  ["azureAPIKey"],
  ["anthropicAPIKey"],
];

const keyTypes = ["AzureAPIKey", "AnthropicAPIKey"];

function policyFindings(graph: Graph, policy: ClusterObject): Finding[] {
  const spec = at(policy.node.props, "spec");
  const type = at(spec, "type");
  const finding = (text: string): Finding => ({ message: `${titleOf(policy)} ${text}`, urn: policy.node.urn });
  if (typeof type !== "string" || type === "")
    return [finding("has a type that is not known. Fix: write it as a plain constant.")];
  const stored = storedKeys.filter((path) => at(spec, ...path) !== undefined).map((path) => path.join("."));
  if (keyTypes.includes(type)) stored.push(`type ${type}`);
  if (stored.length > 0)
    return [
      finding(
        `uses a stored key (${stored.join(", ")}). Fix: use AWSCredentials or GCPCredentials without a file, or the token that the refresher keeps.`,
      ),
    ];
  return type === "APIKey" ? tokenProblems(graph, policy, at(spec, "apiKey", "secretRef", "name")).map(finding) : [];
}

/** A bearer token: empty in the program, written by the refresher alone. */
function tokenProblems(graph: Graph, policy: ClusterObject, secretName: unknown): string[] {
  const secret = named(objectsOf(graph, "", "Secret"), policy, secretName);
  if (typeof secretName !== "string" || secret === undefined) {
    return [
      `takes its token from a Secret that the program does not have in its namespace (${typeof secretName === "string" ? secretName : "name not known"}): nobody can tell what is in it. Fix: declare it, empty.`,
    ];
  }
  const contents = contentsOf(secret.node);
  if (contents === unknown || Object.keys(contents).length > 0) {
    return [
      `takes its token from Secret ${secretName}, which the program fills${contents === unknown ? "" : ` (${Object.keys(contents).join(", ")})`}: a static key. Fix: leave data and stringData out.`,
    ];
  }
  return writerProblems(secretName, policy, writersIn(graph, policy.cluster, policy.namespace));
}

function writerProblems(secretName: string, { namespace }: ClusterObject, rights: readonly WriteRight[]): string[] {
  const broad = rights.filter(({ names }) => names === undefined);
  const exact = rights.filter(({ names }) => names?.some((one) => one === secretName || one === unknown));
  const strangers = exact
    .flatMap(({ subjects }) => subjects)
    .filter(
      (one) => !(one.kind === "ServiceAccount" && one.name === tokenServiceAccount && one.namespace === namespace),
    );
  const problems = broad.map(
    ({ role }) =>
      `takes its token from Secret ${secretName}, but ${titleOf(role)} may write every Secret there. Fix: list the names in resourceNames.`,
  );
  if (strangers.length > 0) {
    const who = strangers
      .map((one) =>
        `${String(one.kind === unknown ? "somebody unknown" : one.kind)} ${one.name === unknown ? "" : String(one.name)}`.trim(),
      )
      .join(", ");
    problems.push(
      `takes its token from Secret ${secretName}, which ${who} may write. Fix: bind the role to ServiceAccount ${tokenServiceAccount} only.`,
    );
  }
  if (exact.every(({ subjects }) => subjects.length === 0) && broad.length === 0) {
    problems.push(
      `takes its token from Secret ${secretName}, which nobody may fill. Fix: give ServiceAccount ${tokenServiceAccount} the right to patch it, by resourceNames.`,
    );
  }
  return problems;
}

function providerFindings(node: Node): Finding[] {
  return providerKeys
    .filter((key) => ![undefined, null, ""].includes(at(node.props, key) as undefined))
    .map((key) => ({
      message: `provider ${node.name} is configured with ${key}. Fix: remove it; credentials come from the environment that Pulumi runs in.`,
      urn: node.urn,
    }));
}

function secretFindings(secret: ClusterObject): Finding[] {
  const contents = contentsOf(secret.node);
  if (contents === unknown) return [];
  return Object.entries(contents)
    .filter(([key, value]) => isKeyEntry(key, value))
    .map(([key]) => ({
      message: `${titleOf(secret)} holds a credential in ${key}. Fix: remove it; whoever needs it is given an identity.`,
      urn: secret.node.urn,
    }));
}

/** Environment variables of containers and of gateways' proxies, wherever an object lists them. */
function variableFindings(graph: Graph, node: Node): Finding[] {
  const names = new Set<string>();
  visit(node.props, (value) => {
    const variable = at(value, "name");
    if (!isKeyVariable(variable)) return;
    const isSet = at(value, "value") !== undefined && at(value, "value") !== "";
    if (isSet || at(value, "valueFrom") !== undefined) names.add(variable);
  });
  const title = titleOf(objectOf(graph, node));
  return [...names].map((variable) => ({
    message: `${title} gives a container ${variable}. Fix: remove it; the pod's projected token is its identity.`,
    urn: node.urn,
  }));
}
