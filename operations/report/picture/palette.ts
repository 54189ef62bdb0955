/** Colours of the picture. It brings its own background, and follows the reader's choice of light or dark. */
export interface Palette {
  readonly background: string;
  /** Behind everything of one location. */
  readonly panel: string;
  /** Behind a gateway, a path, the clients. */
  readonly card: string;
  /** Behind a primary path. */
  readonly primary: string;
  readonly border: string;
  readonly text: string;
  readonly quiet: string;
  readonly warn: string;
  /** One a gateway: its frame, its lines, its numbers; used again from the start when there are more gateways. */
  readonly gateways: readonly string[];
  /** On a number's disc. */
  readonly onGateway: string;
}

export const light: Palette = {
  background: "#ffffff",
  panel: "#f3f5f8",
  card: "#ffffff",
  primary: "#e6eefb",
  border: "#7d8796",
  text: "#16202e",
  quiet: "#4a5667",
  warn: "#8a4500",
  gateways: ["#1a5fc0", "#a84a00", "#187045", "#7a3db8", "#ab1f66", "#0b6b7d"],
  onGateway: "#ffffff",
};

export const dark: Palette = {
  background: "#10151d",
  panel: "#19212c",
  card: "#222c3a",
  primary: "#22395c",
  border: "#8b97a8",
  text: "#eef2f7",
  quiet: "#b7c1cf",
  warn: "#ffc27d",
  gateways: ["#86b7ff", "#ffb27a", "#74d8a4", "#cdaaff", "#ff9acb", "#67d5e8"],
  onGateway: "#10151d",
};

/** Ratio of two colours' luminance, 1 to 21, as WCAG 2.2 defines it: text wants 4.5, lines 3. */
export function contrast(left: string, right: string): number {
  const [lighter = 0, darker = 0] = [luminance(left), luminance(right)].sort((one, other) => other - one);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
