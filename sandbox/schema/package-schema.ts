/** One package's schema, from its typings: the listed types and functions, and whatever they refer to. */
import type ts from "typescript";
import { type Context, outputsOf, propertiesOf } from "./convert.ts";
import type { PackageName, PackageTokens } from "./tokens.ts";
import type { PackageSchema, Properties, Signature } from "./types.ts";
import type { Side, Typings } from "./typings.ts";

/**
 * Builds the schema of a package.
 * @throws Error naming the token when the package has no such type or function, or when its typings are of a form that is not understood.
 */
export function packageSchema(name: PackageName, wanted: PackageTokens, typings: Typings): PackageSchema {
  const pending: string[] = [];
  const context: Context = { typings, refer: (definition) => pending.push(definition) };
  const provider = resource(`pulumi:providers:${name}`, { path: "provider", className: "Provider" }, context);
  const types = signatures(wanted.types, (token) => resource(token, placeOf(token, typings), context));
  const functions = signatures(wanted.functions, (token) => invocation(token, placeOf(token, typings), context));
  return {
    source: { [`@pulumi/${name}`]: typings.version },
    provider,
    types,
    functions,
    definitions: closure(pending, context),
  };
}

function signatures(tokens: readonly string[], read: (token: string) => Signature): Record<string, Signature> {
  const found: Record<string, Signature> = {};
  for (const token of tokens) {
    if (found[token] !== undefined) throw new Error(`${token} is listed twice in tokens.ts`);
    try {
      found[token] = read(token);
    } catch (error) {
      throw new Error(`${token}: ${(error as Error).message}`, { cause: error });
    }
  }
  return found;
}

/** Every definition that is referred to, directly or through another. Empties `pending`. */
function closure(pending: string[], context: Context): Record<string, Properties> {
  const found: Record<string, Properties> = {};
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (found[name] !== undefined) continue;
    const [side, ...path] = name.split("/");
    found[name] = propertiesOf(context.typings.definition(side as Side, path.join("/")), context);
  }
  return found;
}

/** Where a token is declared. */
interface Place {
  /** File without extension, relative to the package. */
  path: string;
  className: string;
}

/** Tokens: `aws:eks/cluster:Cluster`, `azure-native:network:Subnet`, `kubernetes:networking.k8s.io/v1:NetworkPolicy`. */
function placeOf(token: string, typings: Typings): Place {
  const [name, module, className] = token.split(":");
  if (name === undefined || module === undefined || className === undefined) throw new Error("is not a type token");
  return { path: typings.locate(folderOf(name, module), className), className };
}

function folderOf(name: string, module: string): string {
  const [first = "", second = ""] = module.split("/");
  if (name === "azure-native") return first;
  // Folders of the Kubernetes SDK drop the domain of the API group: rbac.authorization.k8s.io/v1 → rbac/v1.
  if (name === "kubernetes") return `${first.split(".")[0]}/${second}`;
  return first === "index" ? "." : first;
}

function resource(token: string, { path, className }: Place, context: Context): Signature {
  const file = context.typings.file(path);
  const code = context.typings.code(path);
  const declared = /static __pulumiType = '([^']+)'/.exec(code)?.[1];
  if (declared !== token && `pulumi:providers:${declared}` !== token) {
    throw new Error(`the SDK's class ${className} (${path}.js) has the token "${declared}"`);
  }
  const declaration = file.classes.get(className);
  if (declaration === undefined) throw new Error(`no class ${className} in ${path}.d.ts`);
  const inputs = propertiesOf(interfaceIn(file.interfaces, `${className}Args`, path), context);
  const outputs = outputsOf(declaration, context);
  markSecrets(inputs, [...code.matchAll(/resourceInputs\["(\w+)"\] = args\?\.\w+ \? pulumi\.secret\(/g)].map(second));
  markSecrets(outputs, listed(/additionalSecretOutputs: \[([^\]]*)\]/.exec(code)?.[1]));
  return { inputs, outputs };
}

function invocation(token: string, { path, className }: Place, context: Context): Signature {
  const { interfaces } = context.typings.file(path);
  if (!context.typings.code(path).includes(`pulumi.runtime.invoke("${token}"`)) {
    throw new Error(`${path}.js does not call it`);
  }
  const stem = className.slice(0, 1).toUpperCase() + className.slice(1);
  const given = interfaces.get(`${stem}Args`);
  return {
    // A function without arguments declares no interface for them.
    inputs: given === undefined ? {} : propertiesOf(given, context),
    outputs: propertiesOf(interfaceIn(interfaces, `${stem}Result`, path), context),
  };
}

function interfaceIn(found: Map<string, ts.InterfaceDeclaration>, name: string, path: string): ts.InterfaceDeclaration {
  const declaration = found.get(name);
  if (declaration === undefined) throw new Error(`no interface ${name} in ${path}.d.ts`);
  return declaration;
}

function markSecrets(properties: Properties, names: readonly string[]): void {
  for (const name of names) {
    const prop = properties[name];
    if (prop !== undefined) prop.secret = true;
  }
}

function listed(text: string | undefined): string[] {
  return text === undefined ? [] : [...text.matchAll(/"(\w+)"/g)].map(second);
}

function second(match: RegExpMatchArray): string {
  return match[1] ?? "";
}
