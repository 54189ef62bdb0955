/**
 * Reading the typings of an installed SDK. Only syntax is read, with one parse a file: the declaration files of these
 * packages are up to 9 MB, and resolving them with a type checker takes minutes and gigabytes.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import type { Literal } from "./types.ts";

/** `in`: what a program may write. `out`: what the cloud gives back. */
export type Side = "in" | "out";

/** The declarations of one file, by their dotted name (`eks.NodeGroupTaint`). */
interface Declarations {
  interfaces: Map<string, ts.InterfaceDeclaration>;
  classes: Map<string, ts.ClassDeclaration>;
  constants: Map<string, ts.VariableDeclaration>;
}

/** The typings of one package, parsed on demand. */
export interface Typings {
  version: string;
  /** The declarations of `<path>.d.ts`. Throws when the file is not there. */
  file: (path: string) => Declarations;
  /** The interface behind `inputs.<name>` or `outputs.<name>`. Throws when it is not there. */
  definition: (side: Side, name: string) => ts.InterfaceDeclaration;
  /** The values of the closed set behind `enums.<name>`. Throws when it is not there or not a set of literals. */
  enumeration: (name: string) => Literal[];
  /** The compiled source of `<path>.js`. */
  code: (path: string) => string;
  /** The path, without extension, of the file that declares `name` in `folder`, whatever its spelling (`iammember` for `IAMMember`). */
  locate: (folder: string, name: string) => string;
}

/**
 * Opens the package that is installed in `directory`.
 * @throws Error when it has no `package.json`; its methods throw when the typings are not of the expected form.
 */
export function openTypings(directory: string): Typings {
  const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as { version: string };
  const file = remember((path: string) => declarationsOf(parse(join(directory, `${path}.d.ts`))));
  const listing = remember((folder: string) => readdirSync(join(directory, folder)));
  return {
    version: manifest.version,
    file,
    definition: (side, name) => {
      const path = side === "in" ? "types/input" : "types/output";
      const found = file(path).interfaces.get(name);
      if (found === undefined) throw new Error(`${directory}: no interface "${name}" in ${path}.d.ts`);
      return found;
    },
    enumeration: remember((name: string) => {
      const parts = name.split(".");
      const path = ["types/enums", ...parts.slice(0, -1), "index"].join("/");
      const constant = file(path).constants.get(parts.at(-1) ?? "");
      if (constant === undefined) throw new Error(`${directory}: no set of values "${name}" in ${path}.d.ts`);
      return literalsOf(constant, name);
    }),
    code: (path) => readFileSync(join(directory, `${path}.js`), "utf8"),
    locate: (folder, name) => {
      const wanted = `${name}.d.ts`.toLowerCase();
      const found = listing(folder).find((entry) => entry.toLowerCase() === wanted);
      if (found === undefined) throw new Error(`${directory}: nothing in ${folder} declares "${name}"`);
      return join(folder, found.slice(0, -".d.ts".length));
    },
  };
}

function parse(path: string): ts.SourceFile {
  // Documentation comments are nine tenths of these files; skipping them is what makes the parse fast.
  const options = {
    languageVersion: ts.ScriptTarget.Latest,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  };
  return ts.createSourceFile(path, readFileSync(path, "utf8"), options);
}

function declarationsOf(source: ts.SourceFile): Declarations {
  const found: Declarations = { interfaces: new Map(), classes: new Map(), constants: new Map() };
  const visit = (statements: ts.NodeArray<ts.Statement>, prefix: string): void => {
    for (const statement of statements) {
      if (ts.isInterfaceDeclaration(statement)) found.interfaces.set(prefix + statement.name.text, statement);
      else if (ts.isClassDeclaration(statement) && statement.name) {
        found.classes.set(prefix + statement.name.text, statement);
      } else if (ts.isVariableStatement(statement)) {
        for (const declaration of statement.declarationList.declarations) {
          if (ts.isIdentifier(declaration.name)) found.constants.set(prefix + declaration.name.text, declaration);
        }
      } else if (ts.isModuleDeclaration(statement)) visitModule(statement, prefix);
    }
  };
  const visitModule = (module: ts.ModuleDeclaration, prefix: string): void => {
    const inner = `${prefix}${module.name.text}.`;
    if (module.body === undefined) return;
    if (ts.isModuleBlock(module.body)) visit(module.body.statements, inner);
    else if (ts.isModuleDeclaration(module.body)) visitModule(module.body, inner);
  };
  visit(source.statements, "");
  return found;
}

/** The values of `declare const X: { readonly A: "a"; … }`. */
function literalsOf(constant: ts.VariableDeclaration, name: string): Literal[] {
  const type = constant.type;
  if (type === undefined || !ts.isTypeLiteralNode(type)) throw new Error(`enums.${name} is not a set of values`);
  return type.members.map((member) => {
    const value = ts.isPropertySignature(member) && member.type ? literalOf(member.type) : undefined;
    if (value === undefined) throw new Error(`enums.${name} holds something that is not a literal`);
    return value;
  });
}

/** The value of a literal type node; undefined for every other type. */
export function literalOf(node: ts.TypeNode): Literal | undefined {
  if (!ts.isLiteralTypeNode(node)) return undefined;
  const literal = node.literal;
  if (ts.isStringLiteral(literal)) return literal.text;
  if (ts.isNumericLiteral(literal)) return Number(literal.text);
  if (ts.isPrefixUnaryExpression(literal) && ts.isNumericLiteral(literal.operand)) return -Number(literal.operand.text);
  if (literal.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (literal.kind === ts.SyntaxKind.FalseKeyword) return false;
  return undefined;
}

function remember<K, V>(compute: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    const held = known.get(key);
    if (held !== undefined) return held;
    const value = compute(key);
    known.set(key, value);
    return value;
  };
}
