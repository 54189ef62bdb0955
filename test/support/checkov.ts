import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { z } from "zod";
import type { Manifest } from "./manifests.ts";

/** Checkov over Kubernetes objects, without a network. */

/** A check that failed. */
export interface Finding {
  /** Such as CKV_K8S_16. */
  readonly check: string;
  readonly title: string;
  readonly kind: string;
  /** `namespace/name`, or the name alone. */
  readonly object: string;
  readonly guideline: string;
}

export interface Scan {
  /** Objects, in the order in which they were given, with how many checks each passed. */
  readonly passed: readonly number[];
  readonly failed: readonly Finding[];
}

/** Each check's own guideline is on a server; this page lists all checks, with the code of each. */
const allChecks = "https://www.checkov.io/5.Policy%20Index/kubernetes.html";

const judgement = z.object({
  check_id: z.string(),
  check_name: z.string(),
  file_path: z.string(),
  guideline: z.string().nullable(),
});

type Judgement = z.infer<typeof judgement>;

/** Where nothing was judged it has no results. */
const report = z.object({
  results: z.object({ passed_checks: z.array(judgement), failed_checks: z.array(judgement) }),
  summary: z.object({ skipped: z.literal(0), parsing_errors: z.literal(0) }),
});

const settings = {
  // Neither asks for a newer version nor for the severities and guidelines of Checkov's vendor.
  CKV_SKIP_PACKAGE_UPDATE_CHECK: "True",
  BC_SKIP_MAPPING: "TRUE",
  // The folder for temporary files may lie in a hidden one.
  CKV_IGNORE_HIDDEN_DIRECTORIES: "False",
};

/**
 * Judges the objects of one cluster: Checkov joins pods and network policies without asking where they are.
 * @param python that has Checkov
 * @throws Error when Checkov fails, skips a check, or can't read an object
 */
export async function scan(python: string, manifests: readonly Manifest[]): Promise<Scan> {
  const scratch = mkdtempSync(join(tmpdir(), "twocloud-checkov-"));
  try {
    const files = manifests.map(({ name, object: { metadata, ...rest } }, index) => {
      const file = `${index}-${name}.yaml`;
      // An object that Pulumi names begins with its resource's name; Checkov passes over one without any.
      const named = { ...rest, metadata: { ...metadata, name: metadata.name ?? name } };
      writeFileSync(join(scratch, file), stringify(named, { aliasDuplicateObjects: false }));
      return file;
    });
    const { passed_checks: passed, failed_checks: failed } = read(await run(python, scratch));
    const of = (file: string) => (one: Judgement) => basename(one.file_path) === file;
    return {
      passed: files.map((file) => passed.filter(of(file)).length),
      failed: manifests.flatMap((manifest, index) =>
        failed.filter(of(files[index] ?? "")).map((one) => findingOf(manifest, one)),
      ),
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function findingOf(manifest: Manifest, { check_id: check, check_name: title, guideline }: Judgement): Finding {
  return { check, title, kind: manifest.object.kind, object: nameOf(manifest), guideline: guideline ?? allChecks };
}

function nameOf({ name, object: { metadata } }: Manifest): string {
  return [metadata.namespace, metadata.name ?? name].filter((part) => part !== undefined).join("/");
}

function read(output: string): z.infer<typeof report>["results"] {
  const { data, error } = report.safeParse(JSON.parse(output));
  if (data !== undefined) return data.results;
  throw new Error(`Checkov did not judge every object whole: ${z.prettifyError(error)}\n${output.slice(0, 1_000)}`);
}

/** @returns what Checkov prints: JSON */
async function run(python: string, folder: string): Promise<string> {
  const args = [
    ...["-m", "checkov.main", "--directory", folder, "--framework", "kubernetes"],
    // What failed is for us to judge: another exit code means that Checkov itself failed.
    ...["--compact", "--output", "json", "--skip-download", "--soft-fail"],
  ];
  // Nothing of the caller's own settings: Checkov reads them from the environment, the home and the working folder.
  const env = { PATH: process.env.PATH, HOME: folder, TMPDIR: tmpdir(), ...settings };
  const { stdout } = await promisify(execFile)(python, args, { cwd: folder, env, maxBuffer: 2 ** 28 });
  return stdout;
}
