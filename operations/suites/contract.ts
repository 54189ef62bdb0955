import type { CapabilityContract } from "../../components/plan/types.ts";
import type { ChatRequest } from "./call.ts";
import { CallError } from "./call-error.ts";
import { contextProblem } from "./context.ts";
import { jsonProblem } from "./graders.ts";
import { colourImage } from "./image.ts";
import { formatOf, toolOf } from "./request.ts";
import type { CapabilityResult } from "./score.ts";
import type { Answer } from "./types.ts";

/** The capability contract, checked by real calls: only what the workload demands. */

/** Asks the path's model. @throws CallError */
export type Ask = (request: ChatRequest, stream?: boolean) => Promise<Answer>;

interface Probe {
  readonly capability: string;
  readonly isDemanded: (requires: CapabilityContract) => boolean;
  /** What is missing; null: nothing. Absent: no call can tell. */
  readonly check?: (ask: Ask, requires: CapabilityContract) => Promise<string | null>;
}

const place = {
  type: "object",
  properties: { city: { type: "string" }, unit: { type: "string", enum: ["celsius", "fahrenheit"] } },
  required: ["city", "unit"],
  additionalProperties: false,
};

const person = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer" } },
  required: ["name", "age"],
  additionalProperties: false,
};

const user = (content: string): ChatRequest["messages"] => [{ role: "user", content }];

const probes: readonly Probe[] = [
  {
    capability: "tools",
    isDemanded: ({ tools }) => tools,
    check: async (ask) => {
      const name = "get_temperature";
      const { calls, text } = await ask({
        messages: user("How warm is it in Oslo, in degrees Celsius?"),
        tools: [toolOf(name, { description: "The temperature in a city now.", parameters: place })],
        tool_choice: { type: "function", function: { name } },
      });
      const [call] = calls;
      if (call?.name !== name)
        return `the tool that it had to call was not called: ${JSON.stringify(text.slice(0, 100))}`;
      return jsonProblem(place, call.arguments);
    },
  },
  {
    capability: "structured output",
    isDemanded: ({ structuredOutput }) => structuredOutput,
    check: async (ask) => {
      const { text } = await ask({
        messages: user("Ada Byron is 36 years old. Who is she, and how old?"),
        response_format: formatOf("person", person),
      });
      return jsonProblem(person, text);
    },
  },
  {
    capability: "streaming",
    isDemanded: ({ streaming }) => streaming,
    check: async (ask) => {
      const { parts } = await ask({ messages: user("Write the numbers from 1 to 30 in words, one a line.") }, true);
      return parts > 1 ? null : "the answer came in one piece, after all of it was written";
    },
  },
  {
    capability: "image",
    isDemanded: ({ modalities }) => modalities.includes("image"),
    check: async (ask) => {
      const url = `data:image/png;base64,${colourImage(64, [255, 0, 0]).toString("base64")}`;
      const question = "Which colour fills this image? Answer with one word.";
      const { text } = await ask({
        messages: [
          {
            role: "user",
            content: [
              { type: "text", text: question },
              { type: "image_url", image_url: { url } },
            ],
          },
        ],
      });
      return /\bred\b/i.test(text) ? null : `a red image is said to be ${JSON.stringify(text.slice(0, 100))}`;
    },
  },
  { capability: "audio", isDemanded: ({ modalities }) => modalities.includes("audio") },
  { capability: "video", isDemanded: ({ modalities }) => modalities.includes("video") },
  {
    capability: "context length",
    isDemanded: () => true,
    check: (ask, { contextTokens }) => contextProblem(ask, contextTokens),
  },
];

/** A check of one demand, on its way. */
export interface DemandedProbe {
  readonly capability: string;
  run(ask: Ask): Promise<CapabilityResult>;
}

/** The checks that a workload's demands ask for. */
export function demandedProbes(requires: CapabilityContract): DemandedProbe[] {
  return probes
    .filter(({ isDemanded }) => isDemanded(requires))
    .map(({ capability, check }) => ({
      capability,
      async run(ask) {
        if (check === undefined) return { capability, holds: null, found: "no call checks it" };
        try {
          const found = await check(ask, requires);
          return { capability, holds: found === null, found };
        } catch (error) {
          if (!(error instanceof CallError)) throw error;
          return { capability, holds: false, found: error.message };
        }
      },
    }));
}
