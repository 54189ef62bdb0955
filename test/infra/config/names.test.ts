import { describe, expect, test } from "vitest";
import { at, expectRefused } from "../../support/refusals.ts";
import { edited, problemsIn, shipped, textOf, withText } from "../../support/stacks.ts";

/** Names that people choose, and what is made of them. */

/** The shipped production stack with names replaced wherever they stand. */
function renamed(names: Readonly<Record<string, string>>) {
  const replaced = (text: string) =>
    Object.entries(names).reduce(
      (all, [from, to]) => all.replaceAll(new RegExp(`\\b${from}\\b(?!@|\\.md)`, "g"), to),
      text,
    );
  return (["workloads.yaml", "environment"] as const).reduce(
    (sources, file) => withText(sources, file, replaced(textOf(sources, file))),
    shipped("prod"),
  );
}

describe("the longest names", () => {
  const [workload, location] = ["w".repeat(22), "l".repeat(16)];

  test("are right", () => {
    expect(problemsIn(renamed({ "support-chat": workload, "aws-main": location }))).toEqual([]);
  });

  test.each([
    ["workload", { "invoice-extraction": `${workload}w` }, "2 to 22 long"],
    ["location", { "aws-main": `${location}l` }, "2 to 16 long"],
  ])("of a %s are not passed", (_, names, allowed) => {
    const problems = problemsIn(renamed(names));
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) expect(problem.allowed).toContain(allowed);
  });
});

test.each(["support-", "support--chat", "-support", "9lives"])("%s is no name", (name) => {
  const [problem, ...others] = problemsIn(renamed({ "support-chat": name }));
  expect(others).toEqual([]);
  expect(problem?.message).toBe("this name has a wrong form");
});

test("two paths that would have one name are refused", () => {
  expectRefused(
    renamed({ "support-chat": "chat", "invoice-extraction": "chat-azure", "azure-main": "azure-eu", "gcp-main": "eu" }),
    at(
      "workloads.yaml:35 chat-azure.paths[0].location",
      "eu",
      "this path and that of chat in azure-eu would both be called chat-azure-eu",
      "another name together",
      "rename one of the workloads or locations",
    ),
  );
});

test("a self-hosted path does not stand in a namespace of the cluster's own", () => {
  expectRefused(
    renamed({ "support-chat": "kube", "gcp-main": "system" }),
    at(
      "workloads.yaml:16 kube.paths[2].location",
      "system",
      "served in the namespace kube-system, which belongs to the cluster",
      "twocloud-gateway, cert-manager",
      "rename the workload or the location",
    ),
  );
  expect(problemsIn(renamed({ "invoice-extraction": "kube", "gcp-main": "system" }))).toEqual([]);
});

describe("a gateway", () => {
  const more = `    aws-more:
      cloud: aws
      account: "000000000003"
      region: eu-central-1
      zones: [a, b]
      cidr: 10.33.0.0/16
  twocloud:access:
`;
  const zone = "location: aws-main }\n      - { name: more.prod.ai.example.com, location: aws-more }\n";
  const second = "claude-sonnet, contract: aws-edp, standby: hot }\n";
  const path =
    "    - { role: fallback, location: aws-more, serving: managed, model: claude-sonnet, contract: aws-edp }\n";

  test("calls one location of AWS", () => {
    expectRefused(
      edited(
        "prod",
        ["environment", "  twocloud:access:\n", more],
        ["environment", "location: aws-main }\n", zone],
        ["workloads.yaml", second, `${second}${path}`],
      ),
      ...["azure-main", "aws-main", "aws-more", "gcp-main"].map((gateway) =>
        at(
          "workloads.yaml:15 support-chat.paths[2].location",
          "aws-more",
          `the gateway in ${gateway} would call models in aws-main (for support-chat) and here; it can have one AWS role`,
          "aws-main, or workloads that no gateway has in common",
          "move one of the two paths",
        ),
      ),
    );
  });
});
