import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { EngineEvent } from "../../../operations/engine/events.ts";
import {
  advance,
  createProgress,
  noProgress,
  type Progress,
  progressLine,
  progressLines,
} from "../../../operations/report/progress.ts";

const locations = ["azure-main", "aws-main", "gcp-main"];

const metadata = (name: string, type = "aws:ec2/vpc:Vpc") => ({
  op: "create",
  type,
  urn: `urn:pulumi:dev::twocloud::twocloud:index:CloudLocation$${type}::${name}`,
});
const begins = (name: string, type?: string): EngineEvent => ({ resourcePreEvent: { metadata: metadata(name, type) } });
const ends = (name: string): EngineEvent => ({ resOutputsEvent: { metadata: metadata(name) } });
const fails = (name: string): EngineEvent => ({ resOpFailedEvent: { metadata: metadata(name) } });

const seen = (...events: EngineEvent[]): Progress => events.reduce(advance, noProgress(locations));
const placed = (name: string): string | undefined =>
  [...seen(begins(name)).places].find(([, state]) => state.begun.size > 0)?.[0];

describe("where a resource is counted", () => {
  test.each([
    ["azure-main", "azure-main"],
    ["azure-main-network-subnet-1", "azure-main"],
    ["support-chat-gcp-main-pool", "gcp-main"],
    ["aws-main-access-from-gcp-main", "aws-main"],
    ["twocloud-dev", "stack"],
    ["paws-main", "stack"],
    ["aws-maintenance", "stack"],
  ])("%s is in %s", (name, place) => {
    expect(placed(name)).toBe(place);
  });

  test("of two locations that begin alike the longer one counts", () => {
    const state = advance(noProgress(["aws", "aws-main"]), begins("aws-main-vpc"));
    expect(state.places.get("aws-main")?.begun.size).toBe(1);
    expect(state.places.get("aws")?.begun.size).toBe(0);
  });
});

describe("what is counted", () => {
  test("a resource counts once, however often the engine speaks of it", () => {
    const state = seen(
      begins("aws-main-vpc"),
      ends("aws-main-vpc"),
      ends("aws-main-vpc"),
      begins("aws-main-eks", "aws:eks/cluster:Cluster"),
    );
    expect(progressLine(state)).toBe("aws-main 1/2");
    expect(progressLines(state, 80)[1]).toBe("  aws-main       1 done, 1 under way: Cluster");
  });

  test("what failed is done, and said", () => {
    expect(progressLine(seen(begins("gcp-main-vpc"), fails("gcp-main-vpc")))).toBe("gcp-main 1 (1 failed)");
    expect(progressLines(seen(begins("gcp-main-vpc"), fails("gcp-main-vpc")), 80)[2]).toBe(
      "  gcp-main       1 done, 1 failed",
    );
  });

  test("other events change nothing", () => {
    const state = seen(begins("aws-main-vpc"));
    expect(advance(state, { diagnosticEvent: { message: "hello", severity: "info" } })).toBe(state);
  });

  test("a location where nothing has begun waits; what belongs to none is shown when there is something", () => {
    expect(progressLines(seen(), 80)).toStrictEqual([
      "  azure-main  waiting",
      "  aws-main    waiting",
      "  gcp-main    waiting",
    ]);
    expect(progressLines(seen(begins("twocloud-dev", "pulumi:pulumi:Stack")), 80)[3]).toBe(
      "  stack          0 done, 1 under way: Stack",
    );
  });

  test("a line is cut at the terminal's edge", () => {
    const state = seen(begins("aws-main-x", "kubernetes:aigateway.envoyproxy.io/v1beta1:BackendSecurityPolicy"));
    for (const line of progressLines(state, 30)) expect(line.length).toBeLessThanOrEqual(30);
  });
});

describe("what is written", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const display = (isTTY: boolean) => {
    const written: string[] = [];
    const progress = createProgress(
      { write: (text) => void written.push(text), isTTY, columns: 60 },
      locations,
      "preview",
    );
    return { written, progress };
  };

  test("on a terminal one block is written over, and stays still when nothing changes", () => {
    const { written, progress } = display(true);
    progress.event(begins("aws-main-vpc"));
    vi.advanceTimersByTime(150);
    vi.advanceTimersByTime(150);
    progress.event(ends("aws-main-vpc"));
    progress.end();
    expect(written).toHaveLength(3);
    expect(written[0]).toBe(
      "\x1b[2Kpreview, 0 s\n\x1b[2K  azure-main  waiting\n\x1b[2K  aws-main    waiting\n\x1b[2K  gcp-main    waiting\n",
    );
    expect(written[1]?.startsWith("\x1b[4A\x1b[2Kpreview, 0 s\n")).toBe(true);
    expect(written[1]).toContain("0 done, 1 under way: Vpc");
    expect(written[2]).toContain("  aws-main       1 done\n");
  });

  test("a block that grows goes up by the lines that it had", () => {
    const { written, progress } = display(true);
    progress.event(begins("twocloud-dev", "pulumi:pulumi:Stack"));
    vi.advanceTimersByTime(150);
    progress.event(ends("twocloud-dev"));
    vi.advanceTimersByTime(150);
    expect(written.slice(1).map((text) => text.slice(0, 4))).toStrictEqual(["\x1b[4A", "\x1b[5A"]);
    progress.end();
  });

  test("elsewhere it is a line every five seconds, without control characters", () => {
    const { written, progress } = display(false);
    progress.event(begins("aws-main-vpc"));
    vi.advanceTimersByTime(4_999);
    expect(written).toStrictEqual(["preview, 0 s: starting\n"]);
    vi.advanceTimersByTime(1);
    progress.event(ends("aws-main-vpc"));
    vi.advanceTimersByTime(60_000);
    progress.end();
    expect(written[1]).toBe("preview, 5 s: aws-main 0/1\n");
    expect(written.at(-1)).toBe("preview, 1 min 5 s: aws-main 1\n");
    expect(written.join("")).not.toContain("\x1b");
  });

  test("after the end nothing is written any more", () => {
    const { written, progress } = display(false);
    progress.end();
    const lines = written.length;
    progress.event(begins("aws-main-vpc"));
    progress.end();
    vi.advanceTimersByTime(60_000);
    expect(written).toHaveLength(lines);
  });
});
