import type { DrilledFault, DrilledRoute } from "../../drill/drill.ts";

/** What a timeline shows, computed: nothing here knows how it is drawn. */

export interface Lanes {
  /** Seconds from the start of the fault to the right end. */
  readonly end: number;
  /** Seconds between two marks of the axis. */
  readonly step: number;
  readonly lasted: number;
  readonly calls: readonly CallBar[];
  /** How many rows the calls need, so that none covers another. */
  readonly rows: number;
  readonly paths: readonly PathLane[];
}

export interface CallBar {
  readonly from: number;
  readonly to: number;
  /** Null: none came, or all came with it. */
  readonly firstToken: number | null;
  /** Path that answered whole; null: the call was not answered. */
  readonly by: string | null;
  readonly row: number;
}

export interface PathLane {
  readonly path: string;
  /** Seconds at which it was asked. */
  readonly attempts: readonly number[];
  /** How often it was asked in all; more than are drawn, where there were many. */
  readonly total: number;
  /** Seconds from the end of the fault until it served again; null: that was not seen, or it is not the first path. */
  readonly backAfter: number | null;
}

export function lanesOf({ paths }: DrilledRoute, { timeline, measures }: DrilledFault): Lanes {
  const { lasted, answers, attempts } = timeline;
  // The way back may take far longer than all before: it is told in words, and must not press the rest together.
  const last = Math.max(lasted, ...answers.map(({ to }) => to), ...attempts.map(({ at }) => at));
  const calls = rowsOf(answers);
  return {
    // Something that took no time at all needs an axis, too.
    end: Math.max(last, 0.1),
    step: stepOf(Math.max(last, 0.1)),
    lasted,
    calls,
    rows: Math.max(0, ...calls.map(({ row }) => row + 1)),
    paths: paths.map((path, index) => ({
      path,
      attempts: attempts.filter(({ server }) => server === path).map(({ at }) => at),
      total: measures.attempts[path] ?? 0,
      backAfter: index === 0 ? measures.returnSeconds : null,
    })),
  };
}

/** Times are kept to a hundredth: a call that follows another may seem to begin just before that one's end. */
const blur = 0.011;

/** Each call in the first row that is free when it begins. */
function rowsOf(answers: DrilledFault["timeline"]["answers"]): CallBar[] {
  const free: number[] = [];
  return [...answers]
    .sort((left, right) => left.from - right.from)
    .map(({ from, to, firstToken, by, whole }) => {
      const found = free.findIndex((until) => until <= from + blur);
      const row = found < 0 ? free.length : found;
      free[row] = to;
      // What came as a whole has no first token of its own, and a mark would cover the bar.
      const isWholeAtOnce = firstToken === null || to - firstToken < blur;
      return { from, to, firstToken: isWholeAtOnce ? null : firstToken, by: whole ? by : null, row };
    });
}

/** 1, 2 or 5 times a power of ten, so that seven marks at most stand on the axis. */
function stepOf(end: number): number {
  const rough = end / 7;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough) ?? 10;
  return Number((factor * power).toPrecision(1));
}
