import type { EdgeKind, Plan } from "../../components/plan/types.ts";
import { escaped } from "./picture/escape.ts";
import { layoutOf } from "./picture/layout.ts";
import { dark, light, type Palette } from "./picture/palette.ts";
import { type Card, discRadius, type Label, type Line, type Picture, type Point } from "./picture/shapes.ts";
import { plural } from "./text.ts";
import { edgeNames, ordinal } from "./words.ts";

/**
 * A picture of the plan: a column a location, clients and gateways above, a row a workload, and a line from each gateway
 * to each path that it tries. One file without anything from elsewhere; it brings its own background, follows the
 * reader's choice of light or dark, and tells its content in words to those who do not see it.
 */
export function topologySvg(plan: Plan): string {
  const picture = layoutOf(plan);
  const { width, height } = picture;
  const colours = Math.max(1, plan.locations.length);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="twocloud-title twocloud-desc">`,
    `<title id="twocloud-title">${escaped(`twocloud, ${plan.environment}: gateways and the paths that they try`)}</title>`,
    `<desc id="twocloud-desc">${escaped(descriptionOf(plan))}</desc>`,
    `<style>${styleOf(light, colours)}@media (prefers-color-scheme: dark){${styleOf(dark, colours)}}</style>`,
    `<rect class="background" width="${width}" height="${height}"/>`,
    ...picture.cards.filter((card) => card.kind === "panel").map(cardSvg),
    ...picture.rules.map(({ from, to }) => `<path class="rule" d="${pathOf([from, to])}"/>`),
    ...linesSvg(picture),
    ...picture.cards.filter((card) => card.kind !== "panel").map(cardSvg),
    ...picture.samples.map(({ from, to, kind }) => `<path class="line sample ${kind}" d="${pathOf([from, to])}"/>`),
    ...picture.labels.map(labelSvg),
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}

/** The picture in words. */
function descriptionOf(plan: Plan): string {
  const sentences = plan.workloads.flatMap(({ name, paths }) =>
    paths.map(
      (path) => `${name}: ${path.role} in ${path.location}, model ${path.model}, ${path.serving}, ${path.standby}.`,
    ),
  );
  const routes = plan.locations.flatMap(({ gateway }) =>
    (gateway?.routes ?? []).map((route) => {
      const order = route.edges.map((edge, index) => `${ordinal(index + 1)} ${edge.path} by ${edgeNames[edge.kind]}`);
      return `The gateway in ${gateway?.location}, https://${gateway?.host}, tries for ${route.workload}: ${order.join(", ")}.`;
    }),
  );
  return [
    `${plural(plan.workloads.length, "workload")} in ${plural(plan.locations.length, "location")}.`,
    ...sentences,
    ...routes,
  ].join(" ");
}

const dashes: Readonly<Record<EdgeKind, string>> = {
  "private-endpoint": "stroke-width:2",
  "in-cluster": "stroke-width:4",
  "public-endpoint": "stroke-width:2;stroke-dasharray:7 4",
  "gateway-hop": "stroke-width:3;stroke-dasharray:0.1 5;stroke-linecap:round",
};

/** Style sheet of one palette. Plain classes, because not every viewer knows CSS variables. */
function styleOf(palette: Palette, colours: number): string {
  const gateways = Array.from({ length: colours }, (_, index) => {
    const colour = palette.gateways[index % palette.gateways.length];
    return `.g${index}{stroke:${colour}}.f${index}{fill:${colour}}`;
  });
  return [
    "text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}",
    ".mono{font-family:ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace}.bold{font-weight:600}",
    `.background{fill:${palette.background}}.panel{fill:${palette.panel}}`,
    `.clients,.gateway,.fallback{fill:${palette.card};stroke:${palette.border}}.primary{fill:${palette.primary};stroke:${palette.border};stroke-width:2}`,
    `.rule{stroke:${palette.border};stroke-width:1;stroke-dasharray:2 4;fill:none}`,
    `.text{fill:${palette.text}}.quiet{fill:${palette.quiet}}.warn{fill:${palette.warn}}.onGateway{fill:${palette.onGateway}}`,
    `.halo{stroke:${palette.panel};stroke-width:6;fill:none}.line{fill:none}.trunk{stroke-width:2}`,
    `.clientLine,.sample{stroke:${palette.quiet}}.clientLine{stroke-width:2}.clientPoint{fill:${palette.quiet}}`,
    ...Object.entries(dashes).map(([kind, style]) => `.${kind}{${style}}`),
    ".framed{stroke-width:2.5}",
    // After the classes that give a plain stroke, so that a gateway's colour wins.
    ...gateways,
  ].join("");
}

/** Crossings: what goes down has a halo, so that it is seen to pass over the lanes and not to join them. */
function linesSvg({ lines }: Picture): string[] {
  const ways = lines.filter(({ edge }) => edge !== undefined);
  // The lines of one gateway to one workload begin alike: once is enough.
  const once = (parts: readonly string[]): string[] => [...new Set(parts)];
  return [
    ...ways.map(({ trunk: [, corner, end], gateway }) => trunkSvg([corner, end], gateway)),
    ...once(
      ways.map(({ trunk: [start, corner], gateway }) => haloSvg(start, corner) + trunkSvg([start, corner], gateway)),
    ),
    ...lines.map(dropSvg),
  ];
}

function trunkSvg(points: readonly (Point | undefined)[], gateway = 0): string {
  return `<path class="line trunk g${gateway}" d="${pathOf(points)}"/>`;
}

/** Room left free at both ends of a halo, for the line that it starts from. */
const haloInset = 5;

function haloSvg(from: Point | undefined, to: Point | undefined): string {
  if (from === undefined || to === undefined || to.y - from.y <= 2 * haloInset) return "";
  return `<path class="halo" d="${pathOf([
    { x: from.x, y: from.y + haloInset },
    { x: to.x, y: to.y - haloInset },
  ])}"/>`;
}

const pointLength = 9;

function dropSvg({ drop, gateway, edge, disc }: Line): string {
  const [start = { x: 0, y: 0 }, end = start] = drop;
  const shaft = pathOf([start, { x: end.x, y: end.y - pointLength }]);
  const point = `M${end.x - 5} ${end.y - pointLength}L${end.x + 5} ${end.y - pointLength}L${end.x} ${end.y}Z`;
  if (edge === undefined) return `<path class="line clientLine" d="${shaft}"/><path class="clientPoint" d="${point}"/>`;
  const title = `${edge.gateway} tries ${edge.path} ${ordinal(edge.order)}: ${edgeNames[edge.kind]}`;
  return [
    `<g data-edge="${escaped(`${edge.gateway} ${edge.path}`)}" data-order="${edge.order}" data-kind="${edge.kind}"><title>${escaped(title)}</title>`,
    `${haloSvg(start, end)}<path class="line ${edge.kind} g${gateway}" d="${shaft}"/><path class="f${gateway}" d="${point}"/>`,
    disc === undefined ? "" : `<circle class="f${gateway}" cx="${disc.x}" cy="${disc.y}" r="${discRadius}"/>`,
    "</g>",
  ].join("");
}

function cardSvg({ kind, x, y, width, height, gateway }: Card): string {
  const classes = gateway === undefined ? kind : `${kind} framed g${gateway}`;
  return `<rect class="${classes}" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>`;
}

function labelSvg({ text, x, y, size, anchor, face = "regular", tone }: Label): string {
  const classes = [typeof tone === "number" ? `f${tone}` : tone, ...(face === "regular" ? [] : [face])].join(" ");
  const at = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
  return `<text class="${classes}" x="${x}" y="${y}" font-size="${size}"${at}>${escaped(text)}</text>`;
}

function pathOf(points: readonly (Point | undefined)[]): string {
  return points
    .flatMap((point) => point ?? [])
    .map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x} ${y}`)
    .join("");
}
