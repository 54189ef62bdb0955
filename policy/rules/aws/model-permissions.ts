import { type Choice, type Demand, demanding } from "../../demand/index.ts";
import { deferred } from "../../demand/want.ts";
import { at, unknown } from "../../graph.ts";

const narrow = deferred({
  text: "a policy that allows InvokeModel on named models only, and no wildcard of Bedrock's actions",
  accepts: (found) => found !== unknown && wideStatements(found).length === 0,
  good: JSON.stringify(allowing("bedrock:InvokeModel", "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude")),
  bad: [
    JSON.stringify(allowing("bedrock:*", "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude")),
    JSON.stringify(allowing("bedrock:InvokeModel", "*")),
    JSON.stringify(allowing("*", "*")),
    "not a policy",
  ],
});

function allowing(action: string, resource: string): object {
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: action, Resource: resource }] };
}

const places: readonly (readonly [Demand["types"], string])[] = [
  [
    [
      "aws:iam/policy:Policy",
      "aws:iam/rolePolicy:RolePolicy",
      "aws:iam/userPolicy:UserPolicy",
      "aws:iam/groupPolicy:GroupPolicy",
    ],
    "policy",
  ],
  [["aws:iam/role:Role"], "inlinePolicies[].policy"],
];

export const modelPermissions = demanding(
  {
    name: "model-permissions",
    description:
      "A right to call Bedrock names its models: no wildcard among the actions, none for the resource, so that a caller reaches what was approved and nothing else.",
    severity: "high",
    tags: ["identity", "aws"],
    references: ["FSBP IAM.21"],
    remediationSteps:
      "Allow bedrock:InvokeModel and InvokeModelWithResponseStream on the ARNs of the models that are called.",
  },
  places.map(([types, path]): Demand => {
    const choice: Choice = { path, wants: narrow };
    return { types, any: [choice], fix: "name the actions and the models" };
  }),
);

/** Statements of a document by which any model, or anything in Bedrock, could be called. */
function wideStatements(document: unknown): unknown[] {
  const parsed = typeof document === "string" ? parse(document) : document;
  if (parsed === undefined) return [document];
  const statements = listed(at(parsed, "Statement"));
  return statements.filter((one) => at(one, "Effect") !== "Deny" && isWide(one));
}

function isWide(statement: unknown): boolean {
  const actions = listed(at(statement, "Action")).map((one) => String(one).toLowerCase());
  // What is not named is allowed.
  if (at(statement, "NotAction") !== undefined) return true;
  const calls = actions.filter((one) => one === "*" || one.startsWith("bedrock:"));
  if (calls.some((one) => one === "*" || one === "bedrock:*")) return true;
  const invokes = calls.some((one) => /^bedrock:(invoke|converse|\*|.*\*)/.test(one));
  const resources = listed(at(statement, "Resource")).map(String);
  return invokes && (at(statement, "NotResource") !== undefined || resources.some(isAnyModel));
}

const isAnyModel = (arn: string): boolean =>
  arn === "*" || /^arn:aws[a-z-]*:bedrock:.*(foundation-model\/)?\*$/.test(arn);

const listed = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
