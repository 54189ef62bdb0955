/** Amazon Bedrock: https://docs.aws.amazon.com/bedrock/latest/userguide/security-iam.html */
import type { StoredResource } from "../../store.ts";
import { drop } from "../causes.ts";
import type { Held } from "../held.ts";
import { type Ask, judge, mentions } from "../iam.ts";
import { environmentOf, roleOf } from "../signing.ts";
import { internet, textOf } from "../spans.ts";
import type { Target, Visit } from "../target.ts";
import { awsTrustDrop } from "../trust/aws.ts";

const HOST = /^bedrock-runtime\.([a-z0-9-]+)\.amazonaws\.com$/;
const VPC_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

export const bedrock: Target = {
  knows: (_, host) => HOST.test(host),
  publicly: () => ({ to: "internet", addresses: internet, exact: false }),
  errands: (held, { from }) => {
    const region = environmentOf(held, from, "AWS_REGION");
    return region === undefined ? [] : [{ host: `sts.${region}.amazonaws.com`, pods: from.pods }];
  },
  receive: (visit) => awsTrustDrop(visit) ?? endpointDrop(visit) ?? permissionDrop(visit),
};

/** Either of them is asked for, whether an answer is streamed or not. */
const actions = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];

function endpointDrop(visit: Visit) {
  const { held, way, from } = visit;
  if (way.to !== "endpoint" || way.endpoint.type !== VPC_ENDPOINT) return undefined;
  const { policy } = way.endpoint.outputs;
  // An endpoint without a policy has the default one, which lets everybody through.
  if (policy === undefined) return undefined;
  const role = roleOf(held, from);
  const refused =
    role === undefined ? undefined : asksOf(visit, role).find((ask) => judge([policy], ask) !== "allowed");
  if (refused === undefined) return undefined;
  const why = `its policy does not allow ${refused.action} of ${refused.resource}`;
  return drop("awsEndpointPolicy", way.endpoint, why, `Allow ${refused.action} of ${refused.resource} in its policy`);
}

function permissionDrop(visit: Visit) {
  const { held, from, sources, way } = visit;
  const role = roleOf(held, from);
  if (role === undefined) {
    const why = "its configuration names no role that the account has (AWS_ROLE_ARN)";
    return drop("awsPermission", from.gateway, why, "Name a role that may call the model");
  }
  const policies = policiesOf(held, role);
  const texts = policies.map(({ outputs }) => outputs.policy);
  const refused = asksOf(visit, role).find((ask) => judge(texts, ask) !== "allowed");
  if (refused === undefined) return undefined;
  const near = policies.find(({ outputs }) => mentions(outputs.policy, refused)) ?? policies[0];
  const place = way.to === "endpoint" ? `through ${way.endpoint.id}` : `from ${textOf(sources)}`;
  const why = `no policy of role ${role.name} allows ${refused.action} of ${refused.resource} ${place}`;
  const fix = `Allow it in the role's policy, ${way.to === "endpoint" ? "with that endpoint as aws:SourceVpce" : "with these addresses as aws:SourceIp"}`;
  return drop("awsPermission", near ?? role, why, fix);
}

/** Policies of the role itself and those that are attached to it, as far as the account holds them. */
function policiesOf(held: Held, role: StoredResource): StoredResource[] {
  const own = held
    .all("aws:iam/rolePolicy:RolePolicy", role.placement.scope)
    .filter(({ outputs }) => outputs.role === role.name);
  const attached = held
    .all("aws:iam/rolePolicyAttachment:RolePolicyAttachment", role.placement.scope)
    .filter(({ outputs }) => outputs.role === role.name)
    .flatMap(({ outputs }) => held.find("aws:iam/policy:Policy", outputs.policyArn) ?? []);
  return [...own, ...attached];
}

/** A model by itself, or a profile and the model behind it: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html */
function asksOf(visit: Visit, role: StoredResource): Ask[] {
  const [, region = ""] = HOST.exec(visit.host) ?? [];
  const account = role.placement.scope;
  const [partition = "aws"] = /(?<=^arn:)[^:]+/.exec(String(role.outputs.arn)) ?? [];
  const model = modelBehind(visit.model);
  const direct = `arn:${partition}:bedrock:${region}::foundation-model/${model}`;
  const profile = `arn:${partition}:bedrock:${region}:${account}:inference-profile/${visit.model}`;
  const context = { ...contextOf(visit), "aws:principalaccount": account };
  const principals = [String(role.outputs.arn), account, `arn:${partition}:iam::${account}:root`];
  const ask = { principals, sources: visit.sources };
  const behind = { ...context, "bedrock:inferenceprofilearn": profile };
  return actions.flatMap((action): Ask[] =>
    model === visit.model
      ? [{ ...ask, action, resource: direct, context }]
      : [
          { ...ask, action, resource: profile, context },
          { ...ask, action, resource: direct, context: behind },
        ],
  );
}

/** A profile's id is that of its model behind the name of an area: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html */
function modelBehind(id: string): string {
  return id.replace(/^(?:us|us-gov|eu|apac|jp|au|ca|global)\.(?=[a-z0-9-]+\.)/, "");
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
function contextOf({ way, origin }: Visit): Record<string, string> {
  if (way.to !== "endpoint") return {};
  return { "aws:sourcevpce": way.endpoint.id, "aws:sourcevpc": origin.network.id };
}
