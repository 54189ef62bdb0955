import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import type { Finding } from "../support/checkov.ts";

/** The findings of Checkov that stay, each with its reason. */

const pattern = z.string().regex(/^[a-z0-9*./-]+$/, "a namespace and a name, `*` for any part of them");

const schema = z.strictObject({
  accepted: z.array(
    z.strictObject({
      check: z.string().regex(/^CKV2?_K8S_\d+$/, "an id of Checkov's for Kubernetes, such as CKV_K8S_11"),
      kind: z.string().regex(/^[A-Z][A-Za-z]+$/, "a kind of object, such as Deployment"),
      name: pattern,
      reason: z.string().min(60, "why this object does not have it, and what stands in its place"),
    }),
  ),
});

/** Findings of one check at the objects of one kind whose names match. */
export type Accepted = z.infer<typeof schema>["accepted"][number];

/** @throws Error when the list is not in its form */
export function readAccepted(file: string): Accepted[] {
  return schema.parse(parse(readFileSync(file, "utf8"))).accepted;
}

/** What is found and not accepted, and what is accepted and not found. Pure. */
export function compare(
  found: readonly Finding[],
  accepted: readonly Accepted[],
): { readonly unaccepted: readonly Finding[]; readonly unused: readonly Accepted[] } {
  return {
    unaccepted: found.filter((finding) => !accepted.some((one) => covers(one, finding))),
    unused: accepted.filter((one) => !found.some((finding) => covers(one, finding))),
  };
}

function covers({ check, kind, name }: Accepted, finding: Finding): boolean {
  return check === finding.check && kind === finding.kind && matches(name, finding.object);
}

/** `*` stands for anything but the slash between namespace and name. */
function matches(name: string, object: string): boolean {
  const parts = name.split("*").map((part) => part.replaceAll(/[.]/g, "\\."));
  return new RegExp(`^${parts.join("[^/]*")}$`).test(object);
}
