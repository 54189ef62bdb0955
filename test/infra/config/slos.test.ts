import { at, testRefusals } from "../../support/refusals.ts";
import { shipped, textOf } from "../../support/stacks.ts";

const file = "slos.yaml";
const extraction = /^extraction:\n(.+\n)+/m.exec(textOf(shipped("prod"), file))?.[0] ?? "";

testRefusals({
  "a type in use without SLOs": {
    edits: [[file, extraction, ""]],
    problems: [
      at(
        "slos.yaml:6 extraction",
        undefined,
        "used by invoice-extraction and has no SLOs",
        "availability, latency, cost, quality, security",
        "add it",
      ),
    ],
  },
  "a type that is judged by another latency": {
    edits: [
      [
        file,
        "latency: { timeToFirstTokenP95Seconds: 1.28, timePerOutputTokenP95Seconds: 0.08 }",
        "latency: { durationP95Seconds: 1.28 }",
      ],
    ],
    problems: [
      at(
        "slos.yaml:8 interactive-chat.latency.timeToFirstTokenP95Seconds",
        undefined,
        "this is missing: interactive-chat is judged by it",
        "timeToFirstTokenP95Seconds, timePerOutputTokenP95Seconds",
        "add it",
      ),
      at(
        "slos.yaml:8 interactive-chat.latency.timePerOutputTokenP95Seconds",
        undefined,
        "this is missing: interactive-chat is judged by it",
        "timeToFirstTokenP95Seconds, timePerOutputTokenP95Seconds",
        "add it",
      ),
    ],
  },
  "a target of everything": {
    edits: [
      [
        file,
        "target: 99.9, windowDays: 30, good: complete-stream",
        "target: 100, windowDays: 30, good: complete-stream",
      ],
    ],
    problems: [
      at("slos.yaml:7 interactive-chat.availability.target", 100, "this is too large", "less than 100", "lower it"),
    ],
  },
  "a share above one": {
    edits: [[file, "minScore: 0.97", "minScore: 97"]],
    problems: [at("slos.yaml:17 extraction.quality.minScore", 97, "this is too large", "at most 1", "lower it")],
  },
  "an unknown latency": {
    edits: [[file, "durationP95Seconds: 20.48", "durationP99Seconds: 20.48"]],
    problems: [
      at(
        "slos.yaml:15 extraction.latency.durationP99Seconds",
        20.48,
        "the key durationP99Seconds is not known here",
        "durationP95Seconds",
        "did you mean durationP95Seconds?",
      ),
    ],
  },
});
