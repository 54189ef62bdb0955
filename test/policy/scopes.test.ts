import { expect, test } from "vitest";
import { azureScope, bedrockScope, geographyOf, vertexScope } from "../../policy/scopes.ts";

test.each([
  ["eu", "eu"],
  ["EU", "eu"],
  ["swedencentral", "eu"],
  ["eu-west-2", "uk"],
  ["us-central1", "us"],
  ["global", "world"],
  ["atlantis", undefined],
])("%s is in %s", (scope, geography) => {
  expect(geographyOf(scope)).toBe(geography);
});

test.each([
  ["eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "eu"],
  ["global.anthropic.claude-sonnet-4-5-20250929-v1:0", "world"],
  ["us.amazon.nova-pro-v1:0", "us"],
  ["openai.gpt-oss-120b-1:0", "region"],
  ["arn:aws:bedrock:eu-west-1:1:application-inference-profile/x", undefined],
])("Bedrock sends %s to %s", (model, scope) => {
  expect(bedrockScope(model)).toBe(scope);
});

test.each([
  ["GlobalStandard", "eu", "world"],
  ["GlobalBatch", "eu", "world"],
  ["DataZoneStandard", "eu", "eu"],
  ["DataZoneProvisionedManaged", "us", "us"],
  ["DataZoneStandard", "ch", undefined],
  ["DataZoneStandard", undefined, undefined],
  ["Standard", "ch", "region"],
])("an Azure deployment %s in %s infers in %s", (sku, geography, scope) => {
  expect(azureScope(sku, geography)).toBe(scope);
});

test.each([
  ["aiplatform.googleapis.com", "global"],
  ["aiplatform.eu.rep.googleapis.com", "eu"],
  ["europe-west4-aiplatform.googleapis.com", "europe-west4"],
  ["storage.googleapis.com", undefined],
])("Vertex AI at %s infers in %s", (host, scope) => {
  expect(vertexScope(host)).toBe(scope);
});
