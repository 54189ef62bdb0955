import { describe, expect, test } from "vitest";
import { nearest } from "../../sandbox/schema/suggest.ts";
import { type Problem, type ValidateOptions, validateInputs } from "../../sandbox/schema/validate.ts";
import { isUnknown, UNKNOWN } from "../../sandbox/values.ts";
import { changed, type Sample, samples, schemaOf } from "./schema-samples.ts";

function problems({ token, inputs }: Sample, options?: ValidateOptions): Problem[] {
  const schema = schemaOf(token);
  return validateInputs(schema, schema.definitions, inputs, options);
}

function broken(sample: Sample, path: string, to: unknown): Problem[] {
  return problems({ token: sample.token, inputs: changed(sample.inputs, path, to) });
}

test.each(Object.entries(samples))("valid inputs are accepted: %s", (_, sample) => {
  expect(problems(sample)).toEqual([]);
});

describe("each kind of problem, made by breaking one property of valid inputs", () => {
  test.each<[keyof typeof samples, string, unknown, string]>([
    ["nodeGroup", "subnetIDs", [], 'unknown property "subnetIDs": allowed are'],
    ["nodeGroup", "scalingConfig.desierdSize", 1, "allowed are desiredSize, maxSize and minSize"],
    ["nodeGroup", "instanceType", "g6", 'did you mean "instanceTypes"?'],
    ["nodeGroup", "nodeRoleArn", undefined, 'required property "nodeRoleArn" is missing: set it to a string'],
    ["nodeGroup", "scalingConfig.minSize", "1", 'expected a number, got the string "1": write it without quotes'],
    ["nodeGroup", "subnetIds", "subnet-1", 'expected a list (each item a string), got the string "subnet-1"'],
    ["nodeGroup", "subnetIds[1]", 2, "expected a string, got the number 2: put it in quotes"],
    ["nodeGroup", "scalingConfig", 3, "expected an object, got the number 3"],
    ["nodeGroup", "labels", ["gpu"], "expected an object (each value a string), got a list"],
    ["nodeGroup", "taints[0].effect", undefined, 'required property "effect" is missing'],
    ["rolePolicy", "policy", 3, "expected a string or an object, got the number 3"],
    ["rolePolicy", "policy.Version", "2012-10-71", 'did you mean "2012-10-17"?'],
    [
      "rolePolicy",
      "policy.Statement[0].Effect",
      "allow",
      'expected "Allow" or "Deny", got the string "allow": did you mean "Allow"?',
    ],
    ["managedCluster", "identity.type", "systemAssigned", 'did you mean "SystemAssigned"?'],
    [
      "managedCluster",
      "oidcIssuerProfile.enabled",
      "true",
      'expected true or false, got the string "true": write it without quotes',
    ],
    ["managedCluster", "agentPoolProfiles[0].vmsize", "x", "unknown property"],
    ["managedCluster", "agentPoolProfiles[0].nodeTaint", [], 'did you mean "nodeTaints"?'],
    ["cluster", "masterAuthorizedNetworksConfig.cidrBlocks[0].cidrBlock", undefined, "is missing"],
    ["cluster", "initialNodeCount", true, "expected a number, got true"],
    ["deployment", "spec.template.spec.containers[0].imagePullpolicy", "Always", 'did you mean "imagePullPolicy"?'],
    ["deployment", "spec.selector", undefined, 'required property "selector" is missing: set it to an object'],
    ["deployment", "metadata.labels.app", 1, "expected a string, got the number 1"],
    [
      "deployment",
      "spec.template.spec.containers[0].readinessProbe.httpGet.port",
      true,
      "expected a number or a string, got true",
    ],
    ["deployment", "apiVersion", "apps/v2", 'expected "apps/v1"'],
    ["route", "spec.rules[0].backendRefs[0].modelOverride", "x", "unknown property"],
    ["route", "spec.rules[0].backendRefs[0].piority", 0, "unknown property"],
    ["route", "spec.rules[0].backendRefs[0].name", undefined, "is missing"],
    ["route", "spec.rules[0].backendRefs[1].priority", -1, "the number -1 is out of bounds: at least 0 is allowed"],
    ["route", "spec.rules[0].backendRefs[1].weight", 1.5, "expected a whole number, got the number 1.5"],
    ["route", "spec.rules[0].timeouts.request", "5 minutes", 'the string "5 minutes" does not match the pattern'],
    ["route", "spec.llmRequestCosts[0].type", "TotalTokens", 'did you mean "TotalToken"?'],
    ["route", "spec.rules", Array.from({ length: 16 }, () => ({})), "a list of 16: at most 15 are allowed"],
    ["route", "metadata.lables", {}, 'did you mean "labels"?'],
    ["trafficPolicy", "spec.retry.retryOn.httpStatusCodes[0]", 42, "100 to 599 is allowed"],
    ["trafficPolicy", "spec.retry.retryOn.triggers[1]", "connection-failure", 'did you mean "connect-failure"?'],
    ["trafficPolicy", "spec.healthCheck.passive.consecutive5xxErrors", 5, 'did you mean "consecutive5XxErrors"?'],
    ["trafficPolicy", "spec.connection.bufferLimit", "1.5Mi", "does not match the pattern"],
    ["envoyProxy", "spec.provider.type", "kubernetes", 'did you mean "Kubernetes"?'],
    ["envoyProxy", "spec.provider.kubernetes.envoyPdb", {}, "unknown property"],
  ])("%s: %s = %j", (name, path, to, message) => {
    const found = broken(samples[name], path, to);
    expect(found.map((problem) => problem.path)).toEqual([path]);
    expect(found[0]?.message).toContain(message);
  });
});

test("all problems are reported at once, in the order of the schema, unknown names last", () => {
  const found = problems({
    token: samples.nodeGroup.token,
    inputs: { clusterName: 1, subnetIds: [1, 2], color: "red" },
  });
  expect(found.map(({ path }) => path)).toEqual([
    "clusterName",
    "nodeRoleArn",
    "scalingConfig",
    "subnetIds[0]",
    "subnetIds[1]",
    "color",
  ]);
});

test("an unknown value is accepted anywhere", () => {
  const inputs = {
    clusterName: UNKNOWN,
    nodeRoleArn: `arn:${UNKNOWN}`,
    subnetIds: UNKNOWN,
    scalingConfig: { minSize: UNKNOWN },
  };
  const found = problems({ token: samples.nodeGroup.token, inputs }, { isUnknown });
  expect(found.map(({ path }) => path)).toEqual(["scalingConfig.desiredSize", "scalingConfig.maxSize"]);
});

test("a secret is checked but never shown, whether the program or the SDK marks it", () => {
  const byProgram = problems(
    { token: samples.managedCluster.token, inputs: changed(samples.managedCluster.inputs, "identity.type", "hunter2") },
    { secrets: ["identity"] },
  );
  const bySdk = problems({ token: "kubernetes:core/v1:Secret", inputs: { stringData: { "api.key": 12345 } } });
  expect(byProgram.map(({ path }) => path)).toEqual(["identity.type"]);
  expect(bySdk.map(({ path }) => path)).toEqual(['stringData["api.key"]']);
  expect(JSON.stringify([byProgram, bySdk])).not.toMatch(/hunter2|12345/);
});

describe("odd inputs", () => {
  test.each<[string, unknown, string[]]>([
    ["null counts as absent", { ...samples.nodeGroup.inputs, diskSize: null }, []],
    ["null does not satisfy a required property", { ...samples.nodeGroup.inputs, clusterName: null }, ["clusterName"]],
    ["names of Object's own members are unknown", { ...samples.nodeGroup.inputs, toString: 1 }, ["toString"]],
    ["keys of the engine are passed over", { ...samples.nodeGroup.inputs, __defaults: [] }, []],
    ["inputs that are no object", ["x"], [""]],
    ["a null inside a list", { ...samples.nodeGroup.inputs, subnetIds: [null] }, ["subnetIds[0]"]],
  ])("%s", (_, inputs, paths) => {
    const schema = schemaOf(samples.nodeGroup.token);
    expect(validateInputs(schema, schema.definitions, inputs).map(({ path }) => path)).toEqual(paths);
  });

  test.each<[string, Record<string, unknown>, string[]]>([
    [
      "JSON texts, as the SDK sends them",
      { region: "eu-west-1", skipRegionValidation: "true", allowedAccountIds: '["1"]' },
      [],
    ],
    ["plain values", { region: "eu-west-1", skipRegionValidation: true, allowedAccountIds: ["1"] }, []],
    ["a JSON text of the wrong type", { skipRegionValidation: '"yes"' }, ["skipRegionValidation"]],
    ["a text that is no JSON", { maxRetries: "many" }, ["maxRetries"]],
    ["an unknown setting", { regoin: "eu-west-1" }, ["regoin"]],
    ["what the engine adds", { version: "7.48.0", __internal: {} }, []],
  ])("a provider's configuration: %s", (_, inputs, paths) => {
    expect(problems({ token: "pulumi:providers:aws", inputs }).map(({ path }) => path)).toEqual(paths);
  });
});

test.each([
  ["subnetIDs", ["subnetIds", "subnets"], "subnetIds"],
  ["lable", ["label", "table"], "label"],
  ["reqeust", ["request", "response"], "request"],
  ["colour", ["size", "shape"], undefined],
])("the nearest name to %s of %j is %s", (name, candidates, expected) => {
  expect(nearest(name, candidates)).toBe(expected);
});
