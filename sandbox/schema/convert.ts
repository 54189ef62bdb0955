/** From the type nodes of SDK typings to the language of `types.ts`. */
import ts from "typescript";
import type { Literal, Prop, Properties, Type } from "./types.ts";
import { literalOf, type Side, type Typings } from "./typings.ts";

/** What the conversion needs to know of the place it is in. */
export interface Context {
  typings: Typings;
  /** Called with every definition that a type refers to (`in/eks.NodeGroupTaint`). */
  refer: (name: string) => void;
}

/** Wrappers that say when a value is known, not what it is. */
const transparent = new Set(["pulumi.Input", "pulumi.Output", "Promise"]);

/** Names with a meaning of their own. */
const named: Record<string, Type> = {
  "pulumi.asset.Asset": "asset",
  "pulumi.asset.Archive": "asset",
  "pulumi.ID": "string",
  "pulumi.URN": "string",
};

/** Resource classes that may stand for their id or name (`string | Role`). The engine sends the id. */
const resourceClasses = new Set(["Role"]);

/** The properties of an interface. Throws on a member that is not a plain property. */
export function propertiesOf(declaration: ts.InterfaceDeclaration, context: Context): Properties {
  if (declaration.heritageClauses) throw new Error(`${declaration.name.text} extends another interface`);
  const found: Properties = {};
  for (const member of declaration.members) {
    if (!ts.isPropertySignature(member) || member.type === undefined) {
      throw new Error(`${declaration.name.text} has a member that is not a property`);
    }
    found[nameOf(member.name)] = propOf(member.type, member.questionToken !== undefined, context);
  }
  return found;
}

/** The output properties of a resource class: its readonly fields of type `pulumi.Output`. */
export function outputsOf(declaration: ts.ClassDeclaration, context: Context): Properties {
  const found: Properties = {};
  for (const member of declaration.members) {
    if (!ts.isPropertyDeclaration(member) || member.type === undefined) continue;
    if (member.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.StaticKeyword)) continue;
    found[nameOf(member.name)] = propOf(member.type, member.questionToken !== undefined, context);
  }
  return found;
}

function nameOf(name: ts.PropertyName): string {
  if (ts.isIdentifier(name) || ts.isStringLiteral(name)) return name.text;
  throw new Error("a property has a computed name");
}

function propOf(node: ts.TypeNode, optional: boolean, context: Context): Prop {
  const { type, absent } = convert(node, context);
  return optional || absent ? { type } : { type, required: true };
}

/** A converted type, and whether `undefined` is among its values. */
interface Converted {
  type: Type;
  absent: boolean;
}

function convert(node: ts.TypeNode, context: Context): Converted {
  if (ts.isUnionTypeNode(node)) return union(node.types, context);
  if (ts.isParenthesizedTypeNode(node)) return convert(node.type, context);
  if (ts.isTypeReferenceNode(node)) return reference(node, context);
  return { type: plain(node, context), absent: false };
}

function plain(node: ts.TypeNode, context: Context): Type {
  switch (node.kind) {
    case ts.SyntaxKind.StringKeyword:
      return "string";
    case ts.SyntaxKind.NumberKeyword:
      return "number";
    case ts.SyntaxKind.BooleanKeyword:
      return "boolean";
    case ts.SyntaxKind.AnyKeyword:
      return "any";
  }
  if (ts.isArrayTypeNode(node)) return { array: convert(node.elementType, context).type };
  if (ts.isTypeLiteralNode(node)) return dictionary(node, context);
  const literal = literalOf(node);
  if (literal !== undefined) return { enum: [literal] };
  throw new Error(`cannot read the type ${ts.SyntaxKind[node.kind]}`);
}

/** `{ [key: string]: T }`. */
function dictionary(node: ts.TypeLiteralNode, context: Context): Type {
  const [member] = node.members;
  if (node.members.length !== 1 || member === undefined || !ts.isIndexSignatureDeclaration(member)) {
    throw new Error("cannot read an object type without a name");
  }
  return { map: convert(member.type, context).type };
}

function reference(node: ts.TypeReferenceNode, context: Context): Converted {
  const name = entityName(node.typeName);
  const [argument] = node.typeArguments ?? [];
  if (argument !== undefined) {
    if (transparent.has(name)) return convert(argument, context);
    throw new Error(`cannot read the type ${name}<…>`);
  }
  const [root, ...rest] = name.split(".");
  const path = rest.join(".");
  if (root === "inputs") return { type: definition("in", path, context), absent: false };
  if (root === "outputs") return { type: definition("out", path, context), absent: false };
  if (root === "enums") return { type: { enum: context.typings.enumeration(path) }, absent: false };
  const known = named[name];
  if (known !== undefined) return { type: known, absent: false };
  if (resourceClasses.has(name)) return { type: "string", absent: false };
  throw new Error(`cannot read the type ${name}`);
}

function definition(side: Side, path: string, context: Context): Type {
  const name = `${side}/${path}`;
  context.refer(name);
  return { ref: name };
}

function entityName(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : `${entityName(name.left)}.${name.right.text}`;
}

function union(members: readonly ts.TypeNode[], context: Context): Converted {
  const converted = members
    .filter((member) => member.kind !== ts.SyntaxKind.UndefinedKeyword)
    .map((member) => convert(member, context));
  return {
    type: merge(converted.flatMap(({ type }) => (isUnion(type) ? type.union : [type]))),
    absent: converted.length < members.length || converted.some(({ absent }) => absent),
  };
}

/** One type for several: equal ones once, closed sets together, and none beside the open type that contains them. */
export function merge(types: readonly Type[]): Type {
  const literals = [...new Set(types.flatMap((type) => (isEnum(type) ? type.enum : [])))];
  const others = new Map(types.filter((type) => !isEnum(type)).map((type) => [JSON.stringify(type), type]));
  const open = literals.filter((literal) => !others.has(JSON.stringify(typeof literal)));
  const result: Type[] = [...others.values()];
  if (open.length > 0) result.push({ enum: open });
  const [only] = result;
  if (only === undefined) throw new Error("a union without members");
  return result.length === 1 ? only : { union: result };
}

function isEnum(type: Type): type is { enum: Literal[] } {
  return typeof type === "object" && "enum" in type;
}

function isUnion(type: Type): type is { union: Type[] } {
  return typeof type === "object" && "union" in type;
}
