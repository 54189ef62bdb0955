import { at, testRefusals } from "../../support/refusals.ts";

const workloads = "workloads.yaml";

testRefusals({
  "an unknown model": {
    edits: [[workloads, "model: claude-sonnet", "model: claude-sonet"]],
    problems: [
      at(
        "workloads.yaml:14 support-chat.paths[1].model",
        "claude-sonet",
        "not in stacks/models.yaml",
        "claude-sonnet, gpt-oss-120b",
        "did you mean claude-sonnet?",
      ),
    ],
  },
  "a model with a name that every object has": {
    edits: [[workloads, "model: claude-sonnet", "model: constructor"]],
    problems: [
      at(
        "workloads.yaml:14 support-chat.paths[1].model",
        "constructor",
        "not in stacks/models.yaml",
        "claude-sonnet",
        "use one of these, or add it",
      ),
    ],
  },
  "a model without an id in that cloud": {
    edits: [[workloads, "model: claude-sonnet", "model: gemini-flash"]],
    problems: [
      at(
        "workloads.yaml:14 support-chat.paths[1].model",
        "gemini-flash",
        "stacks/models.yaml has no id for this model in aws",
        "claude-sonnet",
        "use one of these",
      ),
    ],
  },
  "a model that is offered only outside the residency": {
    edits: [
      [
        workloads,
        "location: gcp-main, serving: managed, model: gemini-flash",
        "location: gcp-main, serving: managed, model: claude-sonnet",
      ],
    ],
    problems: [
      at(
        "workloads.yaml:35 invoice-extraction.paths[0].model",
        "claude-sonnet",
        "in gcp this model may process requests outside eu: its scope is global",
        "gemini-flash, gemini-flash-lite",
        "use one of these",
      ),
    ],
  },
  "a model that is not offered in the location's region": {
    edits: [["environment", "region: swedencentral", "region: northeurope"]],
    problems: [
      at(
        "workloads.yaml:13 support-chat.paths[0].model",
        "gpt-large",
        "not offered in northeurope, but in francecentral",
        "no model of stacks/models.yaml",
        "a location in one of its regions",
      ),
      at(
        "workloads.yaml:36 invoice-extraction.paths[1].model",
        "gpt-small",
        "not offered in northeurope, but in francecentral",
        "no model of stacks/models.yaml",
        "a location in one of its regions",
      ),
    ],
  },
  "a model without a capability that is required": {
    edits: [[workloads, "tools: true, streaming: true }", "tools: true, streaming: true, modalities: [text, image] }"]],
    problems: [
      at(
        "workloads.yaml:18 support-chat.paths[2].model",
        "gpt-oss-120b",
        "lacks what support-chat requires: image input",
        "no model",
        "require less",
      ),
    ],
  },
  "a capability that the gateway drops on the way to a model which has it": {
    edits: [[workloads, "tools: true, streaming: true }", "tools: true, streaming: true, structuredOutput: true }"]],
    problems: [
      at(
        "workloads.yaml:14 support-chat.paths[1].model",
        "claude-sonnet",
        "the gateway asks this model by AWSBedrock, and drops what support-chat requires: structuredOutput",
        "no model",
        "another location, or require less",
      ),
    ],
  },
  "a context that is longer than a model's": {
    edits: [[workloads, "contextTokens: 64000", "contextTokens: 200000"]],
    problems: [
      at(
        "workloads.yaml:18 support-chat.paths[2].model",
        "gpt-oss-120b",
        "a context of 200000 tokens (it has 131072)",
        "no model",
        "require less",
      ),
    ],
  },
  "a retired model": {
    edits: [[workloads, "model: gpt-large", "model: gpt-chat-2025"]],
    problems: [
      at(
        "workloads.yaml:13 support-chat.paths[0].model",
        "gpt-chat-2025",
        "gpt-5.1-chat retired on 2026-06-29",
        "gpt-large, gpt-small",
        "use one of these",
      ),
    ],
  },
  "closed weights on a self-hosted path": {
    edits: [[workloads, "model: gpt-oss-120b\n", "model: claude-sonnet\n"]],
    problems: [
      at(
        "workloads.yaml:18 support-chat.paths[2].model",
        "claude-sonnet",
        "the weights of this model are closed",
        "gpt-oss-120b, gpt-oss-20b",
        "serving: managed",
      ),
    ],
  },
});
