import type { State, StateResource } from "../engine/state.ts";
import { expressionOf, inputsOf, type Known, needsOf, type Scope, textOf } from "./wiring.ts";

/**
 * The program that a stack's state could have come from, written down flat: one statement a resource, no plan, no
 * components, the same classes of the same SDKs. What one resource has from another is still taken from it, so that
 * the engine sees the same order.
 */

/** A state with what the options of a resource are made from. */
export interface RegisteredResource extends StateResource {
  readonly provider?: string;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
  readonly protect?: boolean;
  readonly ignoreChanges?: readonly string[];
}

const stackType = "pulumi:pulumi:Stack";

/** What a state says was registered, in the order of the state; the stack itself left out. */
export function registrationsOf(state: State): RegisteredResource[] {
  return ((state.resources ?? []) as readonly RegisteredResource[]).filter(({ type }) => type !== stackType);
}

/**
 * The flat program's text, for a project of modules.
 * @param sdks the SDK modules that the original imports; the flat one imports all of them
 * @throws Error when a resource's class is in none of the modules
 */
export function flatProgram(state: State, sdks: readonly string[]): string {
  const registered = registrationsOf(state);
  const known: Known = new Map(
    registered.map((resource, index) => [resource.urn, { resource, variable: `r${index}` }]),
  );
  const imports = sdks.map((sdk, index) => `import * as m${index} from ${JSON.stringify(sdk)};`);
  const statements = registered.map((resource) => statementOf(resource, known, sdks));
  return [...prelude, ...imports, "", ...statements, ""].join("\n");
}

/** The host's source maps cost every program; ours does without (infra/index.ts), so this one does too. */
const prelude = [
  'import * as pulumi from "@pulumi/pulumi";',
  'import { shortTraces } from "./traces.ts";',
  "shortTraces();",
  "const step = (value, path) => path.reduce((inner, key) => inner?.[key], value);",
  "const at = (output, path) => pulumi.output(output).apply((value) => step(value, path));",
  "const after = (value, needs) => pulumi.all([value, ...needs]).apply(([own]) => own);",
];

function statementOf(resource: RegisteredResource, known: Known, sdks: readonly string[]): string {
  const scope: Scope = { known, wanted: wantedOutputs(resource, known) };
  const name = JSON.stringify(resource.urn.split("::").at(-1));
  const inputs = inputsOf(resource, scope);
  const variable = known.get(resource.urn)?.variable;
  const rest = `${inputs}, ${optionsOf(resource, known)}`;
  const type = JSON.stringify(resource.type);
  if (!resource.custom) {
    const outputs = expressionOf(resource.outputs ?? {}, []);
    return [
      `const ${variable} = new pulumi.ComponentResource(${type}, ${name}, ${rest});`,
      `${variable}.registerOutputs(${outputs});`,
    ].join("\n");
  }
  const provider = /^pulumi:providers:(.*)$/.exec(resource.type)?.[1];
  if (provider !== undefined) {
    return `const ${variable} = new pulumi.ProviderResource(${JSON.stringify(provider)}, ${name}, ${rest});`;
  }
  return `const ${variable} = new ${classOf(resource.type, sdks)}(${name}, ${rest});`;
}

/** The class of a type token, as an expression. */
function classOf(token: string, sdks: readonly string[]): string {
  const [packageName = "", module = "", kind = ""] = token.split(":");
  const index = sdks.indexOf(moduleOf(packageName, module));
  if (index >= 0) return `m${index}.${kind}`;
  const custom = sdks.indexOf("@pulumi/kubernetes/apiextensions/index.js");
  if (packageName === "kubernetes" && custom >= 0) return `m${custom}.CustomResource`;
  throw new Error(`${token}: no imported module has its class; looked for ${moduleOf(packageName, module)}.`);
}

/** `eks/cluster` → `eks`; `networking.k8s.io/v1` → `networking/v1`. */
function moduleOf(packageName: string, module: string): string {
  const [group = "", version] = module.split("/");
  const folder = packageName === "kubernetes" ? `${group.split(".")[0]}/${version}` : group;
  return `@pulumi/${packageName}/${folder}/index.js`;
}

function optionsOf(resource: RegisteredResource, known: Known): string {
  const variableOf = (urn: string | undefined): string | undefined => known.get(urn ?? "")?.variable;
  const provider = resource.provider?.split("::").slice(0, -1).join("::");
  const byProperty = new Set(Object.values(resource.propertyDependencies ?? {}).flat());
  const waits = (resource.dependencies ?? [])
    .filter((urn) => !byProperty.has(urn))
    .flatMap((urn) => variableOf(urn) ?? []);
  const options: [string, string | undefined][] = [
    ["parent", variableOf(resource.parent)],
    ["provider", variableOf(provider)],
    ["dependsOn", waits.length === 0 ? undefined : `[${waits.join(", ")}]`],
    ["protect", textOf(resource.protect)],
    ["retainOnDelete", textOf(resource.retainOnDelete)],
    ["ignoreChanges", textOf(resource.ignoreChanges)],
  ];
  const given = options.flatMap(([key, text]) => (text === undefined ? [] : [`${key}: ${text}`]));
  return `{ ${given.join(", ")} }`;
}

/** What the resource's properties were made from. */
function wantedOutputs(resource: RegisteredResource, known: Known): Scope["wanted"] {
  return (property) => needsOf(resource.propertyDependencies?.[property] ?? [], known);
}
