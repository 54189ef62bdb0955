import { at, testRefusals } from "../../support/refusals.ts";

const file = "slos.yaml";

testRefusals({
  "a suite that is not there": {
    edits: [[file, "suite: invoice-extraction", "suite: contracts"]],
    problems: [
      at(
        "slos.yaml:17 extraction.quality.suite",
        "contracts",
        "there is no such suite, and invoice-extraction is judged by it",
        "invoice-extraction, support-chat",
        "write stacks/suites/contracts.yaml",
      ),
    ],
  },
  "a slip in a suite's name, beside a slip elsewhere": {
    edits: [
      [file, "suite: support-chat", "suite: suport-chat"],
      [file, "minScore: 0.97", "minScore: 97"],
    ],
    problems: [
      at(
        "slos.yaml:10 interactive-chat.quality.suite",
        "suport-chat",
        "and support-chat is judged by it",
        "invoice-extraction, support-chat",
        "did you mean support-chat?",
      ),
      at("slos.yaml:17 extraction.quality.minScore", 97, "this is too large", "at most 1", "lower it"),
    ],
  },
});
