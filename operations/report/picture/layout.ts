import type { Plan, PlannedLocation } from "../../../components/plan/types.ts";
import { plural } from "../text.ts";
import { cloudNames } from "../words.ts";
import { bandParts, bandsOf } from "./band.ts";
import {
  clientsHeight,
  clientsTop,
  columnOf,
  type Frame,
  frameOf,
  gatewayHeight,
  gatewayTop,
  headWidth,
  margin,
  padding,
  panelTop,
  rowHead,
} from "./frame.ts";
import { legendOf } from "./legend.ts";
import { type Box, type Card, fitted, type Label, type Line, type Picture } from "./shapes.ts";

/**
 * Where everything goes. A stack's picture always has the same build: a column a location, and from top to bottom
 * clients, gateways, and a band a workload. So its places are computed here; a library that lays out any graph would
 * find other places for every stack, and none that compare.
 *
 * Lines keep to ways without text: a gateway's line goes down the gutter at the left of its column, along a lane above
 * the band's paths that it has for itself, and from there straight down into a path.
 */
export function layoutOf(plan: Plan): Picture {
  const frame = frameOf(plan);
  const bands = bandsOf(plan, frame);
  const bottom = bands.at(-1)?.bottom ?? frame.bandsTop;
  const legend = legendOf({ x: margin, y: bottom + 20, width: frame.width - 2 * margin, indent: headWidth });
  const parts = bands.map((band) => bandParts(plan, frame, band));
  return {
    width: frame.width,
    height: legend.bottom + margin,
    cards: [...columnCards(plan, frame, bottom), ...parts.flatMap((part) => part.cards)],
    lines: [...clientLines(plan, frame), ...parts.flatMap((part) => part.lines)],
    labels: [
      ...headLabels(plan),
      ...columnLabels(plan, frame),
      ...parts.flatMap((part) => part.labels),
      ...legend.labels,
    ],
    samples: legend.samples,
    rules: bands.map(({ top }) => ({ from: { x: margin, y: top }, to: { x: frame.width - margin, y: top } })),
  };
}

function headLabels(plan: Plan): Label[] {
  const what = `${plural(plan.workloads.length, "workload")} in ${plural(plan.locations.length, "location")}, as planned for ${plan.asOf}`;
  return [
    { x: margin, y: 44, text: `twocloud, ${plan.environment}`, size: 22, anchor: "start", face: "bold", tone: "text" },
    { x: margin, y: 66, text: what, size: 13, anchor: "start", tone: "quiet" },
  ];
}

function columnCards(plan: Plan, frame: Frame, bottom: number): Card[] {
  const columns = [...frame.columns.values()];
  const right = Math.max(...columns.map((column) => column.x + column.width));
  const clients: Card = {
    kind: "clients",
    x: margin + headWidth,
    y: clientsTop,
    width: right - margin - headWidth,
    height: clientsHeight,
  };
  return [
    ...plan.locations.flatMap((location): Card[] => {
      const column = columnOf(frame, location.name);
      const panel: Card = { ...column, kind: "panel", height: bottom - panelTop };
      const colour = frame.colours.get(location.name);
      if (colour === undefined) return [panel];
      return [
        panel,
        {
          kind: "gateway",
          x: column.x + padding,
          y: gatewayTop,
          width: column.width - 2 * padding,
          height: gatewayHeight,
          gateway: colour,
        },
      ];
    }),
    ...(columns.length === 0 ? [] : [clients]),
  ];
}

function columnLabels(plan: Plan, frame: Frame): Label[] {
  return [
    ...rowHead(clientsTop + 18, "Clients", ["know all addresses"]),
    ...rowHead(gatewayTop + 18, "Gateways", ["try paths by number"]),
    ...plan.locations.flatMap((location) => oneColumn(location, columnOf(frame, location.name))),
  ];
}

function oneColumn({ name, cloud, region, zones, gateway }: PlannedLocation, column: Box): Label[] {
  // The clients' arrow comes down at the right of the name.
  const room = column.width - 2 * padding - arrowInset;
  const x = column.x + padding;
  const place = `${cloudNames[cloud]}, ${region}, ${zones.length === 1 ? "zone" : "zones"} ${zones.join(" ")}`;
  const labels: Label[] = [
    fitted({ x, y: panelTop + 24, text: name, size: 16, anchor: "start", face: "bold", tone: "text" }, room),
    fitted({ x, y: panelTop + 44, text: place, size: 12, anchor: "start", tone: "quiet" }, room),
  ];
  if (gateway === null) return labels;
  const middle = column.x + column.width / 2;
  return [
    ...labels,
    fitted(
      {
        x: middle,
        y: clientsTop + 26,
        text: `https://${gateway.host}`,
        size: 12,
        anchor: "middle",
        face: "mono",
        tone: "text",
      },
      column.width - 2 * padding,
    ),
    { x: x + padding, y: gatewayTop + 21, text: "Gateway", size: 14, anchor: "start", face: "bold", tone: "text" },
    {
      x: x + padding,
      y: gatewayTop + 38,
      text: plural(gateway.replicas, "replica"),
      size: 12,
      anchor: "start",
      tone: "quiet",
    },
  ];
}

/** Distance of the clients' arrow from the right of its column. */
const arrowInset = 30;

function clientLines(plan: Plan, frame: Frame): Line[] {
  return plan.locations.flatMap(({ name, gateway }) => {
    if (gateway === null) return [];
    const column = columnOf(frame, name);
    const x = column.x + column.width - arrowInset;
    return [
      {
        trunk: [],
        drop: [
          { x, y: clientsTop + clientsHeight },
          { x, y: gatewayTop },
        ],
      },
    ];
  });
}
