import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Plan } from "../../../components/plan/types.ts";
import { layoutOf } from "../../../operations/report/picture/layout.ts";
import { contrast, dark, light } from "../../../operations/report/picture/palette.ts";
import { type Box, type Line, labelBox, type Picture, type Point } from "../../../operations/report/picture/shapes.ts";
import { topologySvg } from "../../../operations/report/topology.ts";
import { anyPlan, shippedPlan } from "./plans.ts";
import { elementsOf } from "./xml.ts";

const prod = shippedPlan("prod");
const runs = { numRuns: 60 };

const edgesOf = (plan: Plan): string[] =>
  plan.locations.flatMap(({ gateway }) =>
    (gateway?.routes ?? []).flatMap((route) =>
      route.edges.map((edge, index) => `${edge.gateway} ${edge.path} ${index + 1} ${edge.kind}`),
    ),
  );

test("the picture of the shipped production stack is as recorded", async () => {
  await expect(topologySvg(prod)).toMatchFileSnapshot("../../golden/topology-prod.svg");
});

describe("whatever the plan", () => {
  test("it is well-formed XML", () => {
    fc.assert(
      fc.property(anyPlan(), fc.string({ unit: "binary" }), (plan, text) => {
        const elements = elementsOf(topologySvg({ ...plan, environment: text }));
        expect(elements[0]?.name).toBe("svg");
      }),
      runs,
    );
  });

  test("every edge is drawn once, with its turn and its kind", () => {
    fc.assert(
      fc.property(anyPlan(), (plan) => {
        const drawn = elementsOf(topologySvg(plan)).flatMap(({ attributes }) =>
          attributes["data-edge"] === undefined
            ? []
            : [`${attributes["data-edge"]} ${attributes["data-order"]} ${attributes["data-kind"]}`],
        );
        expect(drawn.sort()).toStrictEqual(edgesOf(plan).sort());
      }),
      runs,
    );
  });

  test("no two texts overlap, and each is inside the picture", () => {
    fc.assert(
      fc.property(anyPlan(), (plan) => {
        const picture = layoutOf(plan);
        const boxes = picture.labels.map((label) => ({ text: label.text, ...labelBox(label) }));
        for (const [index, box] of boxes.entries()) {
          expect(inside(box, { x: 0, y: 0, width: picture.width, height: picture.height }), box.text).toBe(true);
          for (const other of boxes.slice(index + 1))
            expect(overlap(box, other), `${box.text} / ${other.text}`).toBe(false);
        }
      }),
      runs,
    );
  });

  test("no line goes through a text or a box", () => {
    fc.assert(
      fc.property(anyPlan(), (plan) => {
        const picture = layoutOf(plan);
        const texts = picture.labels
          .filter((label) => label.tone !== "onGateway")
          .map((label) => ({ what: label.text, box: labelBox(label) }));
        const cards = picture.cards
          .filter((card) => card.kind !== "panel")
          .map((card) => ({ what: card.kind as string, box: shrunk(card) }));
        for (const segment of segmentsOf(picture)) {
          for (const { what, box } of [...texts, ...cards]) expect(overlap(segment, box), what).toBe(false);
        }
      }),
      runs,
    );
  });

  test("lines of different gateways or workloads never run along each other", () => {
    fc.assert(
      fc.property(anyPlan(), (plan) => {
        const lines = layoutOf(plan).lines.filter((line) => line.edge !== undefined);
        const parts = lines.flatMap((line) =>
          segments([...line.trunk, ...line.drop]).map((box) => ({ box, owner: ownerOf(line) })),
        );
        for (const [index, { box, owner }] of parts.entries()) {
          for (const other of parts.slice(index + 1))
            if (other.owner !== owner) expect(alongside(box, other.box)).toBe(false);
        }
      }),
      runs,
    );
  });

  test("texts inside a box stay inside it", () => {
    fc.assert(
      fc.property(anyPlan(), (plan) => {
        const picture = layoutOf(plan);
        const boxes = picture.cards.filter((card) => card.kind !== "panel");
        for (const label of picture.labels) {
          const holder = boxes.find((card) => contains(card, label));
          if (holder !== undefined) expect(inside(labelBox(label), holder), label.text).toBe(true);
        }
      }),
      runs,
    );
  });
});

describe("who does not see it, or sees little", () => {
  const elements = elementsOf(topologySvg(prod));
  const svg = elements[0]?.attributes ?? {};

  test("it is an image with a title and a description that holds every path and every gateway", () => {
    expect(svg.role).toBe("img");
    const [title, description] = (svg["aria-labelledby"] ?? "")
      .split(" ")
      .map((id) => elements.find((element) => element.attributes.id === id));
    expect(title?.name).toBe("title");
    for (const { name, paths } of prod.workloads) {
      for (const path of paths)
        expect(description?.text).toContain(
          `${name}: ${path.role} in ${path.location}, model ${path.model}, ${path.serving}, ${path.standby}.`,
        );
    }
    for (const { gateway } of prod.locations)
      expect(description?.text).toContain(`https://${gateway?.host}, tries for`);
  });

  test.each([["light", light] as const, ["dark", dark] as const])(
    "%s: text has a contrast of 4.5, lines of 3",
    (_, palette) => {
      const surfaces = [palette.background, palette.panel, palette.card, palette.primary];
      for (const surface of surfaces) {
        for (const text of [palette.text, palette.quiet, palette.warn, ...palette.gateways])
          expect(contrast(text, surface), `${text} on ${surface}`).toBeGreaterThanOrEqual(4.5);
        expect(contrast(palette.border, surface), `${palette.border} on ${surface}`).toBeGreaterThanOrEqual(3);
      }
      for (const colour of palette.gateways) expect(contrast(palette.onGateway, colour)).toBeGreaterThanOrEqual(4.5);
    },
  );

  test("contrast is WCAG's: 21 for black on white, 4.54 for #767676 on white", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
    expect(contrast("#ffffff", "#767676")).toBeCloseTo(4.54, 2);
  });

  test("no text is smaller than 10 pixels at 1200", () => {
    expect(svg.width).toBe("1200");
    for (const { size } of layoutOf(prod).labels) expect(size).toBeGreaterThanOrEqual(10);
  });

  test("it needs nothing from elsewhere", () => {
    const markup = elements.map((element) => `${element.name} ${Object.keys(element.attributes).join(" ")}`).join("\n");
    expect(markup).not.toMatch(/\b(script|image|use|foreignObject|href|src)\b/);
    expect(topologySvg(prod)).not.toMatch(/@import|url\(/);
  });

  test("a model server on spot machines, and a fallback that is late, are said in words", () => {
    const texts = layoutOf(prod).labels.map((label) => label.text);
    expect(texts).toContain("self-hosted on spot machines");
    expect(texts).toContain("answers in 11 s, full share in 911 s (late)");
  });
});

function overlap(left: Box, right: Box): boolean {
  return (
    left.x < right.x + right.width &&
    right.x < left.x + left.width &&
    left.y < right.y + right.height &&
    right.y < left.y + left.height
  );
}

function inside(box: Box, outer: Box): boolean {
  return (
    box.x >= outer.x &&
    box.y >= outer.y &&
    box.x + box.width <= outer.x + outer.width &&
    box.y + box.height <= outer.y + outer.height
  );
}

function contains(box: Box, { x, y }: Point): boolean {
  return x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;
}

/** Without its frame: a line may touch that. */
function shrunk({ x, y, width, height }: Box): Box {
  return { x: x + 1, y: y + 1, width: width - 2, height: height - 2 };
}

function segmentsOf({ lines }: Picture): Box[] {
  return lines.flatMap(({ trunk, drop }) => [...segments(trunk), ...segments(drop)]);
}

/** Each piece as the box that its stroke fills, at most four pixels wide. */
function segments(points: readonly Point[]): Box[] {
  return points.slice(1).map((to, index) => {
    const from = points[index] ?? to;
    const vertical = from.x === to.x;
    const [left, top] = [Math.min(from.x, to.x), Math.min(from.y, to.y)];
    const [width, height] = [Math.abs(to.x - from.x), Math.abs(to.y - from.y)];
    return vertical ? { x: left - 2, y: top, width: 4, height } : { x: left, y: top - 2, width, height: 4 };
  });
}

const ownerOf = ({ edge }: Line): string => `${edge?.gateway} ${edge?.path.split("/")[0]}`;

/** Whether two pieces share more than a crossing. */
function alongside(left: Box, right: Box): boolean {
  if (!overlap(left, right)) return false;
  return (left.width === 4) === (right.width === 4);
}
