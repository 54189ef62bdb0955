import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { policyJson, policyReport } from "../../../operations/report/policy.ts";
import { advice, finding, judgement } from "./judgements.ts";

const plain = { width: 80, colour: false } as const;
const problem = "The preview failed.\n\n  gcp-main: UNAVAILABLE\n\nEverything that the engine said: engine.log";
const late = (rule: string, path: string) => ({ rule, type: "aws:eks/cluster:Cluster", path, partly: false });
const all = [
  judgement("dev", { pack: "baseline", findings: [finding("dev"), advice("dev")] }),
  judgement("staging", { problem }),
  judgement("old.json", {
    kind: "state",
    late: [late("aks-api", "a"), late("eks-protection", "b"), late("eks-protection", "c")],
  }),
  judgement("prod", { kind: "deployed", empty: true }),
];

test("the whole table at 80 columns: by stack, the gravest first, and what could not be judged", () => {
  expect(policyReport(all, plain)).toBe(`dev (preview, pack baseline): 1 mandatory violation, 1 advisory finding
  mandatory  critical  shared-fate       support-chat-gcp-main
      support-chat/gcp-main can be lost together with its primary
      support-chat/azure-main: both need the registry of Azure. Fix: give it one
      of its own.
  advisory   low       shared-fate-soft  stack
      invoice-extraction: both paths are in one metro.

staging (preview, pack production): could not be judged
  The preview failed.
    gcp-main: UNAVAILABLE
  Everything that the engine said: engine.log

old.json (state file, pack production): nothing found
  The verdict rests on 3 reads that a first preview can't make
  (docs/policies.md#late-reads): aks-api, eks-protection 2.

prod (deployed state, pack production): no resources, nothing to judge

2 of 4 judged, 1 without resources: 1 mandatory violation, 1 advisory finding;
not judged: staging.
`);
});

test.each([40, 60, 120])("no line is longer than a terminal of %i columns", (width) => {
  const lines = policyReport(all, { width, colour: false }).split("\n");
  expect(lines.filter((line) => line.length > width)).toEqual([]);
});

test("colours say nothing that the words do not", () => {
  const text = policyReport(all, { ...plain, colour: true });
  expect(text).toContain("\u001b[");
  expect(stripVTControlCharacters(text)).toBe(policyReport(all, plain));
});

test("what was found before a run broke is not lost", () => {
  const text = policyReport([judgement("dev", { findings: [finding("dev")], problem })], { ...plain, width: 120 });
  expect(text).toContain("1 mandatory violation, 0 advisory findings, and could not be judged to the end");
  expect(text).toContain("both need the registry");
  expect(text).toContain("0 of 1 judged: 1 mandatory violation");
});

test("for programs: one object, with the exit code", () => {
  const answer = JSON.parse(policyJson(all));
  expect(answer).toMatchObject({ schemaVersion: 1, exitCode: 2, mandatory: 1, advisory: 1 });
  expect(answer.judgements).toHaveLength(4);
  expect(answer.judgements[0].findings[0]).toEqual({ ...finding("dev"), resource: "support-chat-gcp-main" });
  expect(answer.judgements[1]).toEqual({
    kind: "preview",
    subject: "staging",
    pack: "production",
    findings: [],
    problem,
    empty: false,
    late: [],
  });
  expect(answer.judgements[2].late).toEqual(all[2]?.late);
});
