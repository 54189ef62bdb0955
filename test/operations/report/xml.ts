export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Text directly inside it. */
  readonly text: string;
}

const tag = /<(\/?)([A-Za-z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/y;
const characters = /[^<&]+|&(?:amp|lt|gt|quot|#39);/y;

const notXml = /[\p{Cc}\ufffe\uffff]/u;

/**
 * Elements of an XML document in their order, as far as the picture needs XML.
 *
 * @throws Error where it is not well-formed: a tag left open, a bare `<` or `&`, a character that XML does not
 * have, an attribute twice, more than one root.
 */
export function elementsOf(text: string): XmlElement[] {
  const illegal = [...text].findIndex((character) => !"\t\n\r".includes(character) && notXml.test(character));
  if (illegal >= 0 || !text.isWellFormed()) throw new Error(`a character that XML does not have, at ${illegal}`);
  const found: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const open: typeof found = [];
  for (let at = 0; at < text.length; ) {
    tag.lastIndex = at;
    characters.lastIndex = at;
    const mark = tag.exec(text);
    if (mark !== null) {
      const [whole, closing, name = "", attributes = "", empty] = mark;
      if (closing === "/") {
        if (open.pop()?.name !== name) throw new Error(`</${name}> at ${at} closes nothing`);
      } else {
        if (open.length === 0 && found.length > 0) throw new Error(`a second root <${name}> at ${at}`);
        const element = { name, attributes: attributesOf(attributes, at), text: "" };
        found.push(element);
        if (empty !== "/") open.push(element);
      }
      at += whole.length;
      continue;
    }
    const [run] = characters.exec(text) ?? [];
    if (run === undefined) throw new Error(`not XML at ${at}: ${text.slice(at, at + 40)}`);
    const inside = open.at(-1);
    if (inside !== undefined) inside.text += run;
    else if (run.trim() !== "") throw new Error(`text outside of the root at ${at}`);
    at += run.length;
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)?.name}> is left open`);
  return found;
}

function attributesOf(text: string, at: number): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = "", value = ""] of text.matchAll(/([\w:-]+)="([^"]*)"/g)) {
    if (name in found) throw new Error(`attribute ${name} twice at ${at}`);
    if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(value)) throw new Error(`bare & in ${name} at ${at}`);
    found[name] = value;
  }
  return found;
}
