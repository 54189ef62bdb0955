import { type EngineEvent, nameOf } from "../engine/events.ts";
import { cut, lengthOf, padEnd } from "./text.ts";

/** What a run has done so far, by place. */
export interface Progress {
  /** By location, in their order; what belongs to none is under `stack`. */
  readonly places: ReadonlyMap<string, PlaceProgress>;
  readonly locations: readonly string[];
}

export interface PlaceProgress {
  /** URNs that were begun. */
  readonly begun: ReadonlySet<string>;
  /** URNs that are finished: done or failed. */
  readonly ended: ReadonlySet<string>;
  readonly failed: ReadonlySet<string>;
  /** Type of the last one begun, as a person reads it. */
  readonly current: string;
}

/** Where everything goes that belongs to no location. */
const elsewhere = "stack";

const nothing: PlaceProgress = { begun: new Set(), ended: new Set(), failed: new Set(), current: "" };

export function noProgress(locations: readonly string[]): Progress {
  return { places: new Map([...locations, elsewhere].map((place) => [place, nothing])), locations };
}

/** The progress after one more event of the engine; the same object when the event says nothing about a resource. */
export function advance(progress: Progress, event: EngineEvent): Progress {
  const metadata = (event.resourcePreEvent ?? event.resOutputsEvent ?? event.resOpFailedEvent)?.metadata;
  if (metadata === undefined) return progress;
  const place = placeOf(nameOf(metadata.urn), progress.locations);
  const { begun, ended, failed, current } = progress.places.get(place) ?? nothing;
  const next: PlaceProgress = {
    begun: new Set([...begun, metadata.urn]),
    ended: event.resourcePreEvent === undefined ? new Set([...ended, metadata.urn]) : ended,
    failed: event.resOpFailedEvent === undefined ? failed : new Set([...failed, metadata.urn]),
    current: event.resourcePreEvent === undefined ? current : shortType(metadata.type),
  };
  return { ...progress, places: new Map([...progress.places, [place, next]]) };
}

/**
 * Location that a resource belongs to. An event does not name its parents, but a logical name does name the place: the
 * first location in it (`aws-main-access-from-gcp-main` is in `aws-main`).
 */
export function placeOf(logicalName: string, locations: readonly string[]): string {
  const name = `-${logicalName}-`;
  const found = locations
    .map((location) => ({ location, at: name.indexOf(`-${location}-`) }))
    .filter(({ at }) => at >= 0)
    .sort((left, right) => left.at - right.at || right.location.length - left.location.length);
  return found[0]?.location ?? elsewhere;
}

/** `azure-native:containerservice:ManagedCluster` → `ManagedCluster`. */
function shortType(type: string): string {
  return type.split(/[:/]/).at(-1) ?? type;
}

/** One line a place. The engine does not know beforehand how many there will be, so that no share is told. */
export function progressLines({ places }: Progress, columns: number): string[] {
  const shown = [...places].filter(([place, { begun }]) => place !== elsewhere || begun.size > 0);
  const names = Math.max(0, ...shown.map(([place]) => lengthOf(place)));
  return shown.map(([place, state]) => cut(`  ${padEnd(place, names)}  ${stateWords(state)}`, columns));
}

function stateWords({ begun, ended, failed, current }: PlaceProgress): string {
  if (begun.size === 0) return "waiting";
  const under = begun.size - ended.size;
  const parts = [`${ended.size} done`.padStart(9)];
  if (failed.size > 0) parts.push(`${failed.size} failed`);
  if (under > 0) parts.push(`${under} under way: ${current}`);
  return parts.join(", ");
}

/** All places in one line, for logs. */
export function progressLine({ places }: Progress): string {
  const parts = [...places]
    .filter(([, { begun }]) => begun.size > 0)
    .map(([place, state]) => `${place} ${counts(state)}`);
  return parts.length === 0 ? "starting" : parts.join(", ");
}

function counts({ begun, ended, failed }: PlaceProgress): string {
  const done = ended.size === begun.size ? `${ended.size}` : `${ended.size}/${begun.size}`;
  return failed.size > 0 ? `${done} (${failed.size} failed)` : done;
}

/** Where progress is written. */
export interface ProgressOutput {
  write(text: string): void;
  readonly isTTY: boolean;
  /** @default 80 */
  readonly columns?: number;
}

export interface ProgressDisplay {
  event(event: EngineEvent): void;
  /** Writes the last state; nothing moves afterwards. May be called again. */
  end(): void;
}

const redrawMs = 150;
/** In a log every line stays: few enough to read, often enough to see that it lives. */
const lineMs = 5_000;

/**
 * Shows how far a run is: one block on a terminal, a line every five seconds elsewhere.
 *
 * @param locations names of the plan's locations
 * @param label what is being done, `preview`
 */
export function createProgress(out: ProgressOutput, locations: readonly string[], label: string): ProgressDisplay {
  const started = Date.now();
  let progress = noProgress(locations);
  let drawn = 0;
  let last = "";
  let ended = false;

  const block = (): void => {
    const columns = (out.columns ?? 80) - 1;
    const lines = [cut(`${label}, ${elapsed(started)}`, columns), ...progressLines(progress, columns)];
    const text = lines.map((line) => `\x1b[2K${line}\n`).join("");
    if (text === last) return;
    last = text;
    out.write((drawn > 0 ? `\x1b[${drawn}A` : "") + text);
    drawn = lines.length;
  };
  const line = (): void => out.write(`${label}, ${elapsed(started)}: ${progressLine(progress)}\n`);
  const draw = out.isTTY ? block : line;

  draw();
  const timer = setInterval(draw, out.isTTY ? redrawMs : lineMs);
  // A run that stops with an error must not be kept waiting by its display.
  timer.unref();
  return {
    event(event) {
      if (!ended) progress = advance(progress, event);
    },
    end() {
      if (ended) return;
      ended = true;
      clearInterval(timer);
      draw();
    },
  };
}

function elapsed(started: number): string {
  const seconds = Math.floor((Date.now() - started) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
