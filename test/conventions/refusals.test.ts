import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { projectRoot } from "../../operations/setup/toolchain.mjs";
import { refusalPage, tokensOf } from "../../sandbox/catalogue.ts";
import { type DocumentedRefusal, type NoSuchRule, type RefusalKind, refusalKinds } from "../../sandbox/cloud.ts";
import { cloudPackages, typeOf } from "../../sandbox/registry.ts";

/** The refusal table has no empty cell, and says what the tables do. */

const rows = cloudPackages.flatMap((cloud) => tokensOf(cloud).map((token) => ({ cloud, token })));

describe.each(rows)("$token", ({ cloud, token }) => {
  const row = cloud.refusals(token);
  const type = typeOf(cloud, token);
  const isDocumented = (kind: RefusalKind) => "code" in (row?.[kind] ?? {});

  test("has a code and a page of the vendor, or a reason, in every cell", () => {
    const cells = refusalKinds.map((kind): DocumentedRefusal | NoSuchRule | undefined => row?.[kind]);
    const empty = cells.filter((cell) =>
      cell !== undefined && "code" in cell
        ? cell.code.length < 3 || !/^https:\/\/\S+$/.test(cell.source)
        : (cell?.none ?? "").length < 10,
    );
    expect(empty).toEqual([]);
  });

  test("says of itself what its type does", () => {
    expect(isDocumented("immutable")).toBe((type?.replaceOn.length ?? 0) > 0);
    expect(isDocumented("inUse")).toBe((type?.inUse?.length ?? 0) > 0);
    if ((type?.references?.length ?? 0) > 0) expect(isDocumented("reference")).toBe(true);
    if (type?.name !== undefined || (type?.unique?.length ?? 0) > 0) expect(isDocumented("name")).toBe(true);
  });
});

/** Without these no accelerator of the cloud can be had; Google's regional ones lie below the account's. */
const accelerators = ["L-417A185B", "L-DB2E81BA", "GPUS_ALL_REGIONS", "NVIDIA_H100_GPUS", "StandardNCadsH100v5Family"];

test("a fresh account has no accelerators", () => {
  const quotas = cloudPackages.flatMap(({ quotas = [] }) => quotas);
  const found = quotas.filter(({ name }) => accelerators.includes(name));
  expect(found.map(({ name }) => name).toSorted()).toEqual(accelerators.toSorted());
  expect(found.filter(({ fresh }) => fresh !== 0)).toEqual([]);
});

test("docs/sandbox.md is what the tables say", () => {
  expect(readFileSync(join(projectRoot, "docs/sandbox.md"), "utf8")).toBe(refusalPage());
});
