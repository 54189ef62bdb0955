import { describe, expect, test } from "vitest";
import { type Ask, isLike, judge, mentions } from "../../../sandbox/requests/iam.ts";
import { nowhere, spansOfAll } from "../../../sandbox/requests/spans.ts";

const ask: Ask = {
  action: "bedrock:InvokeModel",
  resource: "arn:aws:bedrock:eu-west-1::foundation-model/vendor.model",
  principals: ["arn:aws:iam::111122223333:role/caller", "111122223333"],
  context: { "aws:sourcevpce": "vpce-1", "aws:principalaccount": "111122223333" },
  sources: spansOfAll(["192.0.2.1", "192.0.2.2"]),
};

const policy = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const allow = (more: object = {}) => ({ Effect: "Allow", Action: "bedrock:InvokeModel", Resource: "*", ...more });
const when = (operator: string, key: string, value: unknown) =>
  policy(allow({ Condition: { [operator]: { [key]: value } } }));

describe("a policy", () => {
  test.each([
    ["that allows it", policy(allow()), "allowed"],
    ["with a wildcard in the action", policy(allow({ Action: ["s3:*", "bedrock:Invoke*"] })), "allowed"],
    ["with the action in other letters", policy(allow({ Action: "BEDROCK:invokemodel" })), "allowed"],
    ["for another action", policy(allow({ Action: "bedrock:InvokeModelWithResponseStream" })), "none"],
    ["for all actions but this", policy(allow({ Action: undefined, NotAction: "bedrock:InvokeModel" })), "none"],
    ["for all actions but another", policy(allow({ Action: undefined, NotAction: "s3:*" })), "allowed"],
    ["without an action", policy(allow({ Action: undefined })), "none"],
    ["for this resource", policy(allow({ Resource: [ask.resource] })), "allowed"],
    [
      "for a resource by wildcards",
      policy(allow({ Resource: "arn:aws:bedrock:*::foundation-model/vendor.mode?" })),
      "allowed",
    ],
    [
      "for another resource",
      policy(allow({ Resource: "arn:aws:bedrock:eu-west-1::foundation-model/vendor.other" })),
      "none",
    ],
    ["for all resources but this", policy(allow({ Resource: undefined, NotResource: ask.resource })), "none"],
    ["that denies it besides", policy(allow(), { ...allow(), Effect: "Deny" }), "denied"],
    ["that denies something else", policy(allow(), { ...allow(), Effect: "Deny", Action: "s3:*" }), "allowed"],
    ["for everybody", policy(allow({ Principal: "*" })), "allowed"],
    ["for everybody in AWS", policy(allow({ Principal: { AWS: "*" } })), "allowed"],
    ["for the account", policy(allow({ Principal: { AWS: ["111122223333"] } })), "allowed"],
    ["for somebody else", policy(allow({ Principal: { AWS: "arn:aws:iam::111122223333:role/other" } })), "none"],
    ["without statements", policy(), "none"],
    ["that is one statement", JSON.stringify({ Statement: allow() }), "allowed"],
    ["that is no JSON", "{", "none"],
  ])("%s: %s", (_, text, expected) => expect(judge([text], ask)).toBe(expected));

  test.each([
    ["StringEquals", "aws:SourceVpce", "vpce-1", "allowed"],
    ["StringEquals", "aws:sourcevpce", ["vpce-0", "vpce-1"], "allowed"],
    ["StringEquals", "aws:SourceVpce", "vpce-2", "none"],
    ["StringEquals", "aws:SourceVpc", "vpc-1", "none"],
    ["StringEqualsIfExists", "aws:SourceVpc", "vpc-1", "allowed"],
    ["StringEqualsIfExists", "aws:SourceVpce", "vpce-2", "none"],
    ["StringNotEquals", "aws:SourceVpce", "vpce-2", "allowed"],
    ["StringNotEquals", "aws:SourceVpce", "vpce-1", "none"],
    ["StringNotEquals", "aws:SourceVpc", "vpc-1", "allowed"],
    ["StringLike", "aws:SourceVpce", "vpce-*", "allowed"],
    ["ArnEquals", "aws:SourceVpce", "vpce-?", "allowed"],
    ["StringEquals", "aws:SourceVpce", "vpce-*", "none"],
    ["IpAddress", "aws:SourceIp", ["192.0.2.1/32", "192.0.2.2"], "allowed"],
    ["IpAddress", "aws:SourceIp", "192.0.2.0/24", "allowed"],
    ["IpAddress", "aws:SourceIp", ["192.0.2.1/32"], "none"],
    ["NotIpAddress", "aws:SourceIp", "198.51.100.0/24", "allowed"],
    ["NotIpAddress", "aws:SourceIp", "192.0.2.0/24", "none"],
    ["DateGreaterThan", "aws:CurrentTime", "2020-01-01T00:00:00Z", "none"],
  ])("with the condition %s %s %j: %s", (operator, key, value, expected) => {
    expect(judge([when(operator, key, value)], ask)).toBe(expected);
  });

  test("on addresses holds for no request through an endpoint, which has none", () => {
    const inside = { ...ask, sources: nowhere };
    expect(judge([when("IpAddress", "aws:SourceIp", "0.0.0.0/0")], inside)).toBe("none");
    expect(judge([when("NotIpAddress", "aws:SourceIp", "0.0.0.0/0")], inside)).toBe("allowed");
  });

  test("counts with others: one allows, one denies", () => {
    const deny = policy({ Effect: "Deny", Action: "*", Resource: "*" });
    expect(judge([policy(), policy(allow())], ask)).toBe("allowed");
    expect(judge([policy(allow()), deny], ask)).toBe("denied");
    expect(judge([], ask)).toBe("none");
  });

  test("mentions what it would allow if its condition held", () => {
    expect(mentions(when("StringEquals", "aws:SourceVpce", "vpce-2"), ask)).toBe(true);
    expect(mentions(policy(allow({ Action: "s3:*" })), ask)).toBe(false);
  });
});

test.each([
  ["*", "anything/at:all", true],
  ["a?c", "abc", true],
  ["a?c", "ac", false],
  ["a.c", "abc", false],
  ["a+(b)", "a+(b)", true],
  ["", "", true],
  ["a*", "ba", false],
])("%j is like %j: %j", (pattern, text, expected) => expect(isLike(pattern, text)).toBe(expected));
