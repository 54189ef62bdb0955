/** What the API server demands of each kind that keeps pods, beyond the pods themselves. */
import type { Problem } from "../../cloud.ts";
import { asObject, isUnknown, knownString, type Properties } from "../../values.ts";
import { innerNameProblems } from "./names.ts";
import { between, forbidden, invalid, oneOf, required } from "./problems.ts";

/** Of a Deployment. */
export function rolloutProblems(inputs: Properties): Problem[] {
  const spec = asObject(inputs.spec);
  const { minReadySeconds = 0, progressDeadlineSeconds = 600 } = spec;
  const late =
    typeof minReadySeconds === "number" &&
    typeof progressDeadlineSeconds === "number" &&
    progressDeadlineSeconds <= minReadySeconds
      ? [invalid("spec.progressDeadlineSeconds", progressDeadlineSeconds, "must be greater than minReadySeconds")]
      : [];
  return [
    ...between("spec.replicas", spec.replicas, 0),
    ...between("spec.revisionHistoryLimit", spec.revisionHistoryLimit, 0),
    ...late,
    ...strategyProblems(spec.strategy),
  ];
}

function strategyProblems(strategy: unknown): Problem[] {
  const { type, rollingUpdate } = asObject(strategy);
  const { maxSurge, maxUnavailable } = asObject(rollingUpdate);
  const isNone = (value: unknown) => value === 0 || value === "0%";
  return [
    ...oneOf("spec.strategy.type", type, ["Recreate", "RollingUpdate"]),
    ...(type === "Recreate" && rollingUpdate !== undefined
      ? [forbidden("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'")]
      : []),
    ...(isNone(maxSurge) && isNone(maxUnavailable)
      ? [
          invalid(
            "spec.strategy.rollingUpdate.maxUnavailable",
            maxUnavailable,
            "may not be 0 when `maxSurge` is 0",
            "Allow one more, or one less, while it is rolled out",
          ),
        ]
      : []),
  ];
}

/** Of a StatefulSet. */
export function setProblems(inputs: Properties): Problem[] {
  const spec = asObject(inputs.spec);
  return [
    ...between("spec.replicas", spec.replicas, 0),
    ...oneOf("spec.podManagementPolicy", spec.podManagementPolicy, ["OrderedReady", "Parallel"]),
    ...updateProblems(spec),
    ...innerNameProblems(spec.serviceName, "spec.serviceName"),
  ];
}

/** Of a StatefulSet or a DaemonSet. */
export function updateProblems(spec: Properties): Problem[] {
  return oneOf("spec.updateStrategy.type", asObject(spec.updateStrategy).type, ["OnDelete", "RollingUpdate"]);
}

/** Of a Job, and of the Jobs of a CronJob. */
export function jobProblems(spec: Properties, path: string): Problem[] {
  const { completionMode, completions, parallelism, selector, manualSelector } = spec;
  const counts = ["parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished"];
  return [
    ...counts.flatMap((field) => between(`${path}.${field}`, spec[field], 0)),
    ...oneOf(`${path}.completionMode`, completionMode, ["Indexed", "NonIndexed"]),
    // With neither of the two given, both are one.
    ...(completionMode === "Indexed" && completions === undefined && parallelism !== undefined
      ? [required(`${path}.completions`, "when completion mode is Indexed")]
      : []),
    ...(selector !== undefined && manualSelector !== true && !isUnknown(manualSelector)
      ? [invalid(`${path}.selector`, selector, "`selector` not auto-generated", "Leave it out: the cluster makes one")]
      : []),
  ];
}

/** Of a CronJob. */
export function cronProblems(inputs: Properties): Problem[] {
  const spec = asObject(inputs.spec);
  const counts = ["startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"];
  return [
    ...scheduleProblems(knownString(spec.schedule)),
    ...zoneProblems(knownString(spec.timeZone)),
    ...oneOf("spec.concurrencyPolicy", spec.concurrencyPolicy, ["Allow", "Forbid", "Replace"]),
    ...counts.flatMap((field) => between(`spec.${field}`, spec[field], 0)),
    ...jobProblems(asObject(asObject(spec.jobTemplate).spec), "spec.jobTemplate.spec"),
  ];
}

const MACROS = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

/** Minute, hour, day, month, weekday: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax */
const FIELDS = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;

function scheduleProblems(schedule: string | undefined): Problem[] {
  const property = "spec.schedule";
  if (schedule === undefined) return [];
  if (schedule.includes("TZ")) {
    const detail = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead";
    return [invalid(property, schedule, detail, "Move the zone to timeZone")];
  }
  if (MACROS.includes(schedule) || /^@every \S+$/.test(schedule)) return [];
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) {
    return [invalid(property, schedule, `expected exactly 5 fields, found ${fields.length}`, SCHEDULE_FIX)];
  }
  const wrong = fields.filter((field, index) => !FIELDS[index] || !fits(field, FIELDS[index]));
  return wrong.map((field) => invalid(property, schedule, `failed to parse ${field}`, SCHEDULE_FIX));
}

const SCHEDULE_FIX = "Write minute, hour, day, month and weekday, such as 0 3 * * 1";

function fits(field: string, [least, most]: readonly [number, number]): boolean {
  return field.split(",").every((part) => {
    const [range = "", step, ...more] = part.split("/");
    if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
    if (range === "*" || range === "?") return true;
    const ends = range.split("-");
    if (ends.length > 2) return false;
    // Months and weekdays have names too.
    if (ends.every((end) => /^[a-z]{3}$/i.test(end))) return most === 12 || most === 6;
    return ends.every((end) => /^\d+$/.test(end) && Number(end) >= least && Number(end) <= most);
  });
}

function zoneProblems(zone: string | undefined): Problem[] {
  if (zone === undefined) return [];
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return [];
  } catch {
    return [
      invalid(
        "spec.timeZone",
        zone,
        `unknown time zone ${zone}`,
        "Write a name of the time zone database, such as Europe/Berlin",
      ),
    ];
  }
}
