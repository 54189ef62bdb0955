import { bedrockRegion, cloudOf } from "../clouds.ts";
import { at, type Node, unknown } from "../graph.ts";
import type { Call, Reach } from "./call.ts";
import { accepts } from "./issuer.ts";
import { type AddressList, dropped, egressOf, networksOf, networksUnder, strangers } from "./network.ts";

/** Bedrock: inside a network by its endpoint, from elsewhere by a role that trusts the caller and its addresses. */
export const bedrock: Reach = (call) => {
  const region = bedrockRegion(call.host);
  if (region === undefined) return undefined;
  const { graph, cluster } = call;
  const endpoints = graph
    .ofType("aws:ec2/vpcEndpoint:VpcEndpoint")
    .filter((node) => at(node.props, "serviceName") === `com.amazonaws.${region}.bedrock-runtime`);
  const caller = graph.nodes.get(cluster);
  const outside = caller === undefined || cloudOf(caller) !== "aws";
  return {
    serves: endpoints.map(({ urn }) => urn),
    problems: outside ? outsideProblems(call) : insideProblems(call, endpoints),
  };
};

function insideProblems({ graph, cluster, host }: Call, endpoints: readonly Node[]): string[] {
  const networks = networksOf(graph, cluster);
  const own = endpoints.find((endpoint) => networksUnder(graph, endpoint).some((urn) => networks.has(urn)));
  if (own === undefined)
    return [`the caller's network has no endpoint of ${host}, through which alone its role may call`];
  if (at(own.props, "privateDnsEnabled") !== true)
    return [`${own.name} does not have privateDnsEnabled, so the name leads outside`];
  return [];
}

function outsideProblems(call: Call): string[] {
  const { graph, cluster } = call;
  const trusting = graph
    .ofType("aws:iam/role:Role")
    .filter((role) => accepts(graph, role, "assumeRolePolicy", cluster));
  if (trusting.length === 0) return ["no role of the program trusts the issuer of the caller's cluster"];
  const problems = trusting.map((role) => roleProblem(call, role));
  return problems.includes(undefined) ? [] : problems.filter((problem) => problem !== undefined);
}

/** Why a role lets no call through, in words. */
function roleProblem(call: Call, role: Node): string | undefined {
  const { graph } = call;
  const policies = graph.ofType(/^aws:iam\/(rolePolicy:RolePolicy|policy:Policy)$/);
  const own = policies.filter(
    (policy) => (policy.propertyDependencies.role ?? []).includes(role.urn) || isAttached(call, policy, role),
  );
  if (own.length === 0) return `role ${role.name} trusts the caller, but no policy of the program allows it anything`;
  const problems = own.map((policy) => policyProblem(call, policy));
  return problems.includes(undefined) ? undefined : problems[0];
}

function isAttached({ graph }: Call, policy: Node, role: Node): boolean {
  const attachments = graph.ofType("aws:iam/rolePolicyAttachment:RolePolicyAttachment");
  return attachments.some(({ dependencies }) => dependencies.includes(policy.urn) && dependencies.includes(role.urn));
}

function policyProblem({ graph, cluster }: Call, policy: Node): string | undefined {
  const lists = sourceLists(policy);
  const egress = egressOf(graph, cluster);
  if (lists.length === 0)
    return `${policy.name} allows calls from everywhere; allowed is a condition on aws:SourceIp with the caller's egress addresses`;
  const problems = lists.map((list) => dropped(list, egress) ?? strangers(list, egress, graph));
  const problem = problems.find((one) => one !== undefined);
  return problem === undefined ? undefined : `condition aws:SourceIp of ${policy.name}: ${problem}`;
}

/** The address lists of the statements that allow a call of a model directly; a statement without one is in the result as none. */
function sourceLists(policy: Node): AddressList[] {
  const madeFrom = policy.propertyDependencies.policy ?? [];
  const text = at(policy.props, "policy");
  if (typeof text !== "string") return [{ entries: unknown, madeFrom }];
  return statementsOf(text)
    .filter(allowsCalls)
    .flatMap((statement): AddressList[] => {
      const entries = at(statement, "Condition", "IpAddress", "aws:SourceIp");
      return entries === undefined ? [] : [{ entries: [entries].flat(), madeFrom }];
    });
}

function statementsOf(text: string): unknown[] {
  try {
    return [at(JSON.parse(text), "Statement")].flat();
  } catch {
    return [];
  }
}

/** A model behind a profile is allowed for requests through the profile only; where those may come from, the profile's statement says. */
function allowsCalls(statement: unknown): boolean {
  const actions = [at(statement, "Action")].flat();
  const throughProfile = at(statement, "Condition", "ArnEquals", "bedrock:InferenceProfileArn") !== undefined;
  return (
    at(statement, "Effect") === "Allow" &&
    !throughProfile &&
    actions.some((action) => typeof action === "string" && /^(\*|bedrock:(\*|Invoke))/.test(action))
  );
}
