/** Provider functions of AWS. */
import { createHash } from "node:crypto";
import type { CloudFunction } from "../../cloud.ts";
import { asList, asObject, type Properties } from "../../values.ts";
import { domainOf, partitionOf } from "./common.ts";

const getCallerIdentity: CloudFunction = (_, { connection: { scope, region } }) => ({
  accountId: scope,
  arn: `arn:${partitionOf(region)}:sts::${scope}:assumed-role/sandbox/twocloud`,
  id: scope,
  userId: "AROASANDBOXSANDBOX000:twocloud",
});

const getPartition: CloudFunction = (_, { connection: { region } }) => {
  const dnsSuffix = domainOf(region);
  const partition = partitionOf(region);
  return { dnsSuffix, id: partition, partition, reverseDnsPrefix: dnsSuffix.split(".").toReversed().join(".") };
};

const getRegion: CloudFunction = (args, { connection }) => {
  const region = String(args.region ?? args.name ?? connection.region);
  return { id: region, name: region, region, endpoint: `ec2.${region}.${domainOf(region)}` };
};

/** The document as the provider renders it: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document */
const getPolicyDocument: CloudFunction = (args) => {
  const Statement = asList(args.statements).map(asObject).map(statementOf);
  const document = {
    Version: args.version ?? "2012-10-17",
    ...(args.policyId === undefined ? {} : { Id: args.policyId }),
    Statement,
  };
  const json = JSON.stringify(document, null, 2);
  const id = String(Number.parseInt(createHash("sha256").update(json).digest("hex").slice(0, 8), 16));
  return { ...args, id, json, minifiedJson: JSON.stringify(document) };
};

function statementOf(statement: Properties): Properties {
  const member = (key: string, value: unknown): Properties => (value === undefined ? {} : { [key]: value });
  return {
    ...member("Sid", statement.sid),
    Effect: statement.effect ?? "Allow",
    ...member("Principal", principalsOf(statement.principals)),
    ...member("NotPrincipal", principalsOf(statement.notPrincipals)),
    ...member("Action", oneOrMany(statement.actions)),
    ...member("NotAction", oneOrMany(statement.notActions)),
    ...member("Resource", oneOrMany(statement.resources)),
    ...member("NotResource", oneOrMany(statement.notResources)),
    ...member("Condition", conditionsOf(statement.conditions)),
  };
}

function principalsOf(value: unknown): unknown {
  const principals = asList(value).map(asObject);
  if (principals.length === 0) return undefined;
  if (principals.some(({ type, identifiers }) => type === "*" && asList(identifiers).includes("*"))) return "*";
  return grouped(principals.map(({ type, identifiers }) => [String(type), asList(identifiers)]));
}

function conditionsOf(value: unknown): unknown {
  const conditions = asList(value).map(asObject);
  if (conditions.length === 0) return undefined;
  const result: Record<string, Properties> = {};
  for (const { test, variable, values } of conditions) {
    result[String(test)] = { ...result[String(test)], [String(variable)]: oneOrMany(values) };
  }
  return result;
}

function grouped(entries: [string, unknown[]][]): Properties {
  const result: Record<string, unknown[]> = {};
  for (const [key, values] of entries) result[key] = [...(result[key] ?? []), ...values];
  return Object.fromEntries(Object.entries(result).map(([key, values]) => [key, oneOrMany(values)]));
}

/** A single value stands alone; several are in descending order. */
function oneOrMany(value: unknown): unknown {
  const values = asList(value).map(String);
  if (values.length === 0) return undefined;
  return values.length === 1 ? values[0] : values.toSorted().toReversed();
}

export const awsFunctions: Readonly<Record<string, CloudFunction>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": getCallerIdentity,
  "aws:index/getPartition:getPartition": getPartition,
  "aws:index/getRegion:getRegion": getRegion,
  "aws:iam/getPolicyDocument:getPolicyDocument": getPolicyDocument,
};
