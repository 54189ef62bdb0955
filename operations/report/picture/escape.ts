const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For text and attributes of XML and HTML. Characters that XML does not have at all become a space. */
export function escaped(text: string): string {
  const possible = text.toWellFormed().replaceAll(/[\p{Cc}\ufffe\uffff]+/gu, " ");
  return possible.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
