/**
 * What a policy pack is shown of a program: the real one, built without an engine, as it looks in a first preview or
 * in a stored state. Tests break one thing in it and ask a rule.
 */
import type { PolicyResource, ReportViolation, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import * as proxy from "@pulumi/policy/proxy.js";
import * as pulumi from "@pulumi/pulumi";
import { type Graph, graphOf } from "../../policy/graph.ts";
import { keepInputs } from "../../policy/inputs.ts";
import { cloudOf, typeOf } from "../../sandbox/registry.ts";
import { type CloudOutputs, construct } from "./mocks.ts";

/** One resource, in plain values; unknown ones are `unknownText`. */
export interface Shown {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
  readonly parent: string;
  /** URN of the provider; empty for components and providers. */
  readonly provider: string;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

/** The host's own, which its typings leave out. */
const { unknownCheckingProxy, unknownStringValue } = proxy as unknown as {
  unknownCheckingProxy(value: object): object;
  unknownStringValue: string;
};

/** How the engine writes a value that only the cloud can tell. */
export const unknownText = unknownStringValue;

export interface ShowOptions {
  /** As in a first preview: what the cloud adds is unknown, and objects in clusters have no outputs at all. */
  readonly preview?: boolean;
  readonly outputs?: CloudOutputs;
  readonly calls?: Record<string, (inputs: Record<string, unknown>) => object>;
}

interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getDependenciesList(): string[];
  getPropertydependenciesMap(): { entries(): Iterable<[string, { getUrnsList(): string[] }]> };
  getObject(): Struct;
}

interface Struct {
  getFieldsMap(): { clear(): void };
  toJavaScript(): Record<string, unknown>;
}

interface Monitor {
  registerResource(request: Request, answer: Answer): Promise<void>;
  registerResourceOutputs(request: { getUrn(): string; getOutputs(): Struct }, answer: unknown): void;
}

type Answer = (error: unknown, response: { getUrn(): string; getObject(): Struct } | undefined) => void;

/** Everything that `build` asks for, as a policy pack would be shown it. */
export async function show(build: () => unknown, { preview = false, ...options }: ShowOptions = {}): Promise<Shown[]> {
  const shown = new Map<string, Shown>();
  await construct(
    () => {
      listen(pulumi.runtime.getMonitor() as unknown as Monitor, shown, preview);
      return build();
    },
    preview ? { calls: options.calls ?? {}, outputs: notYet(options.outputs ?? {}), preview } : options,
  );
  return [...shown.values()];
}

/** Before the clouds have answered, neither ids nor what they add is known, but for what the provider works out itself. */
function notYet(outputs: CloudOutputs): CloudOutputs {
  const unanswered = (type: string) => (resource: { name: string; inputs: Record<string, unknown> }) => {
    const added = { ...outputs[type]?.(resource) } as Record<string, unknown>;
    const worked = Object.entries(added).filter(([key]) => knownInPreview(type).includes(key));
    return { ...(masked(added, resource.inputs) as object), ...Object.fromEntries(worked), id: "" };
  };
  return new Proxy({}, { get: (_, type) => unanswered(String(type)) });
}

/** Properties of a type that its provider tells before the cloud has answered: the name that it makes up is one. */
function knownInPreview(type: string): readonly string[] {
  const cloud = cloudOf(type);
  const { name, knownInPreview: listed = [] } = (cloud && typeOf(cloud, type)) ?? {};
  return name?.auto === undefined ? listed : [...listed, name.property];
}

/** What was given stays as it was given; what a cloud would add is unknown. */
function masked(added: unknown, given: unknown): unknown {
  const isObject = (value: unknown) => value !== null && typeof value === "object" && !Array.isArray(value);
  if (!isObject(added) || !isObject(given)) return given ?? unknownText;
  const inside = given as Record<string, unknown>;
  return Object.fromEntries(Object.entries(added as object).map(([key, value]) => [key, masked(value, inside[key])]));
}

function listen(monitor: Monitor, shown: Map<string, Shown>, preview: boolean): void {
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, answer) =>
    register(request, (error, response) => {
      if (response !== undefined) {
        // The engine asks no provider whose cluster does not exist yet: neither program nor rules see an output.
        if (preview && request.getType().startsWith("kubernetes:")) response.getObject().getFieldsMap().clear();
        const inputs = plain(request.getObject());
        const state = plain(response.getObject());
        shown.set(response.getUrn(), shownOf(request, response.getUrn(), inputs, state));
      }
      answer(error, response);
    });
  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResourceOutputs = (request, answer) => {
    const component = shown.get(request.getUrn());
    if (component !== undefined) shown.set(component.urn, { ...component, outputs: plain(request.getOutputs()) });
    registerOutputs(request, answer);
  };
}

function shownOf(request: Request, urn: string, inputs: Shown["inputs"], outputs: Shown["outputs"]): Shown {
  const byProperty = [...request.getPropertydependenciesMap().entries()];
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    inputs,
    outputs,
    parent: request.getParent(),
    provider: request.getProvider().split("::").slice(0, -1).join("::"),
    dependencies: request.getDependenciesList(),
    propertyDependencies: Object.fromEntries(byProperty.map(([key, urns]) => [key, urns.getUrnsList()])),
  };
}

const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

function plain(struct: Struct): Record<string, unknown> {
  return revealed(struct.toJavaScript()) as Record<string, unknown>;
}

function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  if (value === null || typeof value !== "object") return value;
  const object = value as Record<string, unknown>;
  if (object["4dabf18193072939515e22adb298388d"] === secretSignature) return revealed(object.value);
  return Object.fromEntries(Object.entries(object).map(([key, each]) => [key, revealed(each)]));
}

/** The resources as the host of policy packs hands them to a stack rule: touching an unknown value throws. */
export function asPolicyResources(shown: readonly Shown[]): PolicyResource[] {
  const byUrn = new Map(shown.map((one) => [one.urn, one]));
  const made = new Map<string, PolicyResource>();
  for (const { urn, type, name, outputs, provider } of shown) {
    const from = byUrn.get(provider);
    made.set(urn, {
      urn,
      type,
      name,
      props: unknownCheckingProxy(structuredClone(outputs)) as Record<string, unknown>,
      opts: {
        protect: false,
        ignoreChanges: [],
        aliases: [],
        customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
        additionalSecretOutputs: [],
      },
      dependencies: [],
      propertyDependencies: {},
      ...(from === undefined
        ? {}
        : {
            provider: {
              urn: from.urn,
              type: from.type,
              name: from.name,
              props: unknownCheckingProxy(structuredClone(from.inputs)) as Record<string, unknown>,
            },
          }),
      isType: () => false,
      asType: () => undefined,
    });
  }
  const present = (urns: readonly string[]) => urns.flatMap((urn) => made.get(urn) ?? []);
  for (const { urn, parent, dependencies, propertyDependencies } of shown) {
    const resource = made.get(urn) as PolicyResource;
    const above = made.get(parent);
    if (above !== undefined) resource.parent = above;
    resource.dependencies = present(dependencies);
    resource.propertyDependencies = Object.fromEntries(
      Object.entries(propertyDependencies).map(([key, urns]) => [key, present(urns)]),
    );
  }
  return [...made.values()];
}

type Asked =
  | (ResourceValidationPolicy | StackValidationPolicy)
  | Omit<StackValidationPolicy | ResourceValidationPolicy, "enforcementLevel">;

/** What rules are handed, made once for all that are asked about the same resources in turn. */
interface Ready {
  readonly shown: readonly Shown[];
  readonly resources: readonly PolicyResource[];
  readonly inputs: readonly Record<string, unknown>[];
}
let ready: Ready | undefined;

function prepare(shown: readonly Shown[]): Ready {
  if (ready?.shown === shown) return ready;
  const inputs = shown.map((one) => wrapped(one.inputs));
  for (const [index, { urn }] of shown.entries()) keepInputs(urn, inputs[index] ?? {});
  ready = { shown, resources: asPolicyResources(shown), inputs };
  return ready;
}

/** The resources as the graph that rules read. */
export function graphShown(shown: readonly Shown[]): Graph {
  return graphOf(prepare(shown).resources);
}

const wrapped = (values: object) => unknownCheckingProxy(structuredClone(values)) as Record<string, unknown>;

function notApplicable(): never {
  throw new Error("the rule called itself not applicable");
}

/** Asks one rule: of the stack, or of each resource as the engine would before it is made. @returns its messages @throws what the rule throws */
export async function ask(rule: Asked, shown: readonly Shown[], config: object = {}): Promise<string[]> {
  const messages: string[] = [];
  // As if the rule had no body: test/mutation/bodies.ts wants to see its tests fail.
  if (process.env.TWOCLOUD_RULES_WITHOUT_BODY === "true") return messages;
  const report: ReportViolation = (message) => void messages.push(message);
  const before = process.env.TWOCLOUD_AS_OF;
  // Of the day itself only one rule judges.
  if (rule.name !== "as-of") process.env.TWOCLOUD_AS_OF = judgedOn;
  try {
    await askAll(rule, prepare(shown), config, report);
  } finally {
    if (before === undefined) delete process.env.TWOCLOUD_AS_OF;
    else process.env.TWOCLOUD_AS_OF = before;
  }
  return messages;
}

/** Day at which rules judge in tests, so that none turns red by waiting. */
export const judgedOn = "2026-11-21";

async function askAll(
  rule: Asked,
  { shown, resources, inputs }: Ready,
  config: object,
  report: ReportViolation,
): Promise<void> {
  const common = {
    stackTags: new Map<string, string>(),
    getConfig: <T extends object>() => config as T,
    notApplicable,
  };
  if ("validateStack" in rule) {
    await (rule as StackValidationPolicy).validateStack({ ...common, resources: [...resources] }, report);
  }
  const validate = "validateResource" in rule ? rule.validateResource : undefined;
  if (typeof validate !== "function") return;
  for (const [index, { urn, type, name, provider }] of shown.entries()) {
    const made = resources[index];
    if (provider === "" || made === undefined) continue;
    const asked = { ...common, urn, type, name, opts: made.opts, isType: () => false, asType: () => undefined };
    await validate({ ...asked, props: inputs[index] ?? {} }, report);
  }
}
