import { z } from "zod";

/**
 * The file of a suite, stacks/suites/<name>.yaml: how an application talks to a model, and what must be true of the
 * answers whichever model gives them. Written in the words of the chat API that the gateways offer for every vendor.
 * What needs more than the value itself (does the tool exist, is the schema one) is checked in operations/suites.
 */

const text = z.string().min(1);
const texts = z.array(text).min(1);
const jsonSchema = z.record(z.string(), z.unknown()).describe("A JSON Schema, draft 2020-12.");
const parameters = z
  .record(z.string(), z.unknown())
  .describe("Further keys of the request, sent as they are; best none, since models differ in them.");
const name = z
  .string()
  .regex(
    /^(?=.{2,60}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    "a name: lower-case letters and digits, single hyphens between them, 2 to 60 long",
  );

const call = z.strictObject({
  id: text.describe("By which the tool's answer names it."),
  tool: text.describe("A name under tools."),
  arguments: z.record(z.string(), z.unknown()),
});

/** Further keys of a message are sent as they are: `twocloud suite --lint` says which are one vendor's own. */
const message = z.discriminatedUnion("role", [
  z.looseObject({ role: z.literal("system"), content: text }),
  z.looseObject({ role: z.literal("developer"), content: text }),
  z.looseObject({ role: z.literal("user"), content: text }),
  z.looseObject({
    role: z.literal("assistant"),
    content: text.optional(),
    calls: z.array(call).min(1).optional().describe("Tools that the model called in this turn."),
  }),
  z.looseObject({ role: z.literal("tool"), call: text.describe("The id of the call."), content: text }),
]);

const tool = z.looseObject({
  description: text.describe("What the model is told of it."),
  parameters: jsonSchema.describe("A JSON Schema of its arguments."),
});

/** What must be true of an answer; operations/suites/graders.ts says how it is found out. */
const expectation = z.discriminatedUnion("grader", [
  z.strictObject({
    grader: z.literal("contains-any"),
    texts: texts.describe("One of these stands in the answer; upper and lower case are the same."),
  }),
  z.strictObject({
    grader: z.literal("contains-none"),
    texts: texts.describe("None of these stands in the answer; upper and lower case are the same."),
  }),
  z.strictObject({
    grader: z.literal("regex"),
    pattern: text.describe("A regular expression of JavaScript, with the flag u; (?i:…) ignores case."),
  }),
  z.strictObject({
    grader: z.literal("json-schema"),
    schema: jsonSchema.describe("The answer is JSON of this schema."),
  }),
  z.strictObject({
    grader: z.literal("tool-call"),
    tool: text.describe("A tool of the case that is called, and no other."),
    arguments: jsonSchema.optional().describe("A JSON Schema beside the tool's own that the arguments follow."),
  }),
  z.strictObject({ grader: z.literal("no-tool-call") }),
  z.strictObject({ grader: z.literal("max-length"), characters: z.number().int().positive() }),
]);

const evaluation = z.strictObject({
  messages: z.array(message).min(1),
  tools: texts.optional().describe("Names under tools that the model may call. Default: none."),
  output: text.optional().describe("A name under outputs: the answer must be JSON of that schema."),
  stream: z.boolean().default(false).describe("Ask for a stream; one without its end mark is a failed call."),
  parameters: parameters.default({}),
  expect: z.array(expectation).min(1).describe("All of it must be true."),
});

export const suiteFile = z.strictObject({
  description: text.describe("What the suite is about, in a sentence."),
  system: text.optional().describe("First message of every case."),
  tools: z.record(text, tool).default({}).describe("By the name that the model calls."),
  outputs: z.record(name, jsonSchema).default({}).describe("Schemas of structured answers, by name."),
  parameters: parameters.default({}),
  cases: z.record(name, evaluation).refine((found) => Object.keys(found).length > 0, "there is no case here"),
});

export type SuiteFile = z.infer<typeof suiteFile>;
export type Evaluation = z.infer<typeof evaluation>;
export type Message = z.infer<typeof message>;
export type Expectation = z.infer<typeof expectation>;
