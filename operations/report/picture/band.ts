import type { Edge, Path, Plan, Workload } from "../../../components/plan/types.ts";
import { plural } from "../text.ts";
import { machines, modelId, roleNames } from "../words.ts";
import {
  cardHeight,
  columnOf,
  dropHeight,
  type Frame,
  gatewayHeight,
  gatewayTop,
  laneGap,
  padding,
  rowHead,
  trunkGap,
} from "./frame.ts";
import { kindWords } from "./legend.ts";
import { type Box, type Card, discRadius, fitted, type Label, type Line, type Point } from "./shapes.ts";

/** One workload's row: its paths in their columns, and the lines of the gateways to them. */
export interface Band {
  readonly workload: Workload;
  readonly index: number;
  readonly top: number;
  /** Base of each gateway's lane. */
  readonly lanes: ReadonlyMap<string, number>;
  readonly cardTop: number;
  readonly bottom: number;
}

export function bandsOf(plan: Plan, frame: Frame): Band[] {
  const bands: Band[] = [];
  for (const [index, workload] of plan.workloads.entries()) {
    const top = bands.at(-1)?.bottom ?? frame.bandsTop;
    const routers = plan.locations.filter(({ gateway }) =>
      gateway?.routes.some((route) => route.workload === workload.name),
    );
    const lanes = new Map(routers.map(({ name }, lane) => [name, top + 18 + lane * laneGap]));
    const cardTop = top + 18 + Math.max(0, routers.length - 1) * laneGap + dropHeight;
    bands.push({ workload, index, top, lanes, cardTop, bottom: cardTop + cardHeight + 20 });
  }
  return bands;
}

export function bandParts(plan: Plan, frame: Frame, band: Band): { cards: Card[]; lines: Line[]; labels: Label[] } {
  const { workload } = band;
  const cardOf = (path: Path): Box => {
    const column = columnOf(frame, path.location);
    return {
      x: column.x + frame.gutter,
      y: band.cardTop,
      width: column.width - frame.gutter - padding,
      height: cardHeight,
    };
  };
  const reaching = reachingOf(plan, workload.name);
  const lines = workload.paths.flatMap((path) => {
    const own = reaching.filter(({ edge }) => edge.path === path.id);
    return own.map((one, slot) => lineOf(plan, frame, band, one, slotOf(cardOf(path), slot, own.length)));
  });
  const roles = roleNames(workload.paths);
  return {
    cards: workload.paths.map((path): Card => ({ ...cardOf(path), kind: path.role })),
    lines,
    labels: [
      ...rowHead(band.cardTop + 14, workload.name, factsOf(workload)),
      ...workload.paths.flatMap((path, index) => pathLabels(path, roles[index] ?? path.role, cardOf(path))),
      ...lines.flatMap(lineLabels),
    ],
  };
}

/** An edge with its turn at its gateway. */
interface Reaching {
  readonly edge: Edge;
  readonly order: number;
}

/** Every edge to the workload's paths, gateway by gateway. */
function reachingOf(plan: Plan, workload: string): Reaching[] {
  return plan.locations.flatMap(({ gateway }) => {
    const route = gateway?.routes.find((one) => one.workload === workload);
    return (route?.edges ?? []).map((edge, index) => ({ edge, order: index + 1 }));
  });
}

/** Where a line ends: the path's upper edge is shared out among all that reach it. */
function slotOf(card: Box, slot: number, slots: number): Point {
  return { x: card.x + ((slot + 0.5) * card.width) / slots, y: card.y };
}

function lineOf(plan: Plan, frame: Frame, band: Band, { edge, order }: Reaching, end: Point): Line {
  const lane = band.lanes.get(edge.gateway) ?? band.top;
  // The first workload's line is the innermost, so that its lane crosses none of its own gateway's on the way right.
  const start = columnOf(frame, edge.gateway).x + padding + 6 + (plan.workloads.length - 1 - band.index) * trunkGap;
  return {
    trunk: [
      { x: start, y: gatewayTop + gatewayHeight },
      { x: start, y: lane },
      { x: end.x, y: lane },
    ],
    drop: [{ x: end.x, y: lane }, end],
    gateway: frame.colours.get(edge.gateway) ?? 0,
    edge: { gateway: edge.gateway, path: edge.path, kind: edge.kind, order },
    disc: { x: end.x, y: end.y - discRadius - 11 },
  };
}

/** The line's number on its disc, and its kind inside the path. */
function lineLabels({ disc, edge, gateway = 0 }: Line): Label[] {
  if (disc === undefined || edge === undefined) return [];
  return [
    { x: disc.x, y: disc.y + 4, text: `${edge.order}`, size: 12, anchor: "middle", face: "bold", tone: "onGateway" },
    {
      x: disc.x,
      y: disc.y + discRadius + 11 + 17,
      text: kindWords[edge.kind],
      size: 11,
      anchor: "middle",
      tone: gateway,
    },
  ];
}

function factsOf({ type, tier, residency, independence, paths }: Workload): string[] {
  const independent = independence.fallbacks.filter((fallback) => fallback.independent).length;
  const objective = paths[0]?.recovery.objectiveSeconds;
  return [
    type,
    `${tier}, residency ${residency}`,
    ...(objective === undefined ? [] : [`recovery within ${objective} s`]),
    `${independent} of ${plural(independence.fallbacks.length, "fallback")}`,
    "independent of primary",
  ];
}

function pathLabels(path: Path, role: string, card: Box): Label[] {
  const x = card.x + padding;
  const room = card.width - 2 * padding;
  const { selfHosted, standby } = path;
  const used = machines(path);
  const how =
    selfHosted === null
      ? "managed by the cloud"
      : `self-hosted${selfHosted.purchase === "spot" ? " on spot machines" : ""}`;
  const small = (text: string, tone: Label["tone"] = "quiet") => ({ text, size: 12, tone }) as const;
  const lines = [small(how), ...(used === undefined ? [] : [small(used)]), recoveryLine(path)];
  const line = (index: number): number => card.y + 44 + index * 18;
  return [
    {
      x,
      y: line(0),
      text: role.charAt(0).toUpperCase() + role.slice(1),
      size: 12,
      anchor: "start",
      face: "bold",
      tone: "quiet",
    },
    { x: x + room, y: line(0), text: standby, size: 12, anchor: "end", face: "bold", tone: "quiet" },
    fitted({ x, y: line(1) + 2, text: path.model, size: 15, anchor: "start", face: "bold", tone: "text" }, room),
    fitted({ x, y: line(2) + 2, text: modelId(path), size: 12, anchor: "start", face: "mono", tone: "text" }, room),
    ...lines.map((each, index) => fitted({ x, y: line(3 + index) + 2, anchor: "start", ...each }, room)),
  ];
}

/** The colour says nothing that the words do not. */
function recoveryLine({ role, recovery }: Path): Pick<Label, "text" | "size" | "tone"> {
  const { firstAnswerSeconds: first, fullCapacitySeconds: full, objectiveSeconds } = recovery;
  if (role === "primary") return { text: "in service", size: 12, tone: "quiet" };
  const within = full !== null && full <= objectiveSeconds;
  const words = (seconds: number | null): string => (seconds === null ? "unknown" : `${seconds} s`);
  const late = full !== null && !within ? " (late)" : "";
  return {
    text: `answers in ${words(first)}, full share in ${words(full)}${late}`,
    size: 12,
    tone: within ? "quiet" : "warn",
  };
}
