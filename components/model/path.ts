import * as pulumi from "@pulumi/pulumi";
import type { Location, Path, Workload } from "../plan/types.ts";

/** One way to serve a workload, as the plan has it. */
export interface InferencePathArgs {
  workload: Pick<
    Workload,
    "name" | "type" | "tier" | "residency" | "domain" | "owner" | "override" | "decision" | "slo" | "drillEveryDays"
  >;
  path: Path;
  location: Location;
}

/**
 * One way to serve a workload. It makes nothing itself: what serves this path alone hangs under it, what it shares
 * with others it depends on (`dependsOn`), and its outputs are plain constants, which policies read in a preview.
 */
export class InferencePath extends pulumi.ComponentResource {
  /** `<workload>/<location>`. */
  readonly pathId: pulumi.Output<string>;

  constructor(name: string, args: InferencePathArgs, opts?: pulumi.ComponentResourceOptions) {
    const problems = pathProblems(args);
    if (problems.length > 0)
      throw new Error(`path "${args.path.id}":\n${problems.map((text) => `  - ${text}`).join("\n")}`);
    super("twocloud:index:InferencePath", name, {}, opts);

    this.pathId = pulumi.output(args.path.id);
    this.registerOutputs(constantsOf(args));
  }
}

function constantsOf({ workload, path, location }: InferencePathArgs) {
  const { managed, selfHosted } = path;
  return {
    pathId: path.id,
    workload: workload.name,
    type: workload.type,
    tier: workload.tier,
    residency: workload.residency,
    domain: workload.domain,
    owner: workload.owner,
    override: workload.override,
    decision: workload.decision,
    slo: workload.slo,
    drillEveryDays: workload.drillEveryDays,
    role: path.role,
    location: path.location,
    cloud: path.cloud,
    account: location.account,
    region: path.region,
    serving: path.serving,
    standby: path.standby,
    contract: path.contract,
    model: path.model,
    vendor: path.vendor,
    openWeights: path.openWeights,
    retires: path.retires,
    modelId: managed?.modelId ?? selfHosted?.modelId ?? path.model,
    // A replica of our own infers where it stands.
    scope: managed?.scope ?? path.region,
    host: managed?.host ?? selfHosted?.gatewayHost ?? "",
  };
}

function pathProblems({ workload, path, location }: InferencePathArgs): string[] {
  const problems: string[] = [];
  const differs = (what: string, own: string, other: string, whose: string) => {
    if (own !== other) problems.push(`${what} is "${own}", but ${whose} says "${other}"`);
  };
  differs("workload", path.workload, workload.name, "the workload");
  differs("location", path.location, location.name, "the location");
  differs("cloud", path.cloud, location.cloud, `location "${location.name}"`);
  differs("region", path.region, location.region, `location "${location.name}"`);
  if (path.serving === "managed" && path.managed === null) problems.push("it is managed but has no managed model");
  if (path.serving === "self-hosted" && path.selfHosted === null) problems.push("it is self-hosted but has no server");
  return problems;
}
