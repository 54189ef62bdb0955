import type { Cloud } from "../../../components/plan/types.ts";
import { at, type Graph } from "../../graph.ts";
import { cloudsIn, type DeclaredPath, type DeclaredWorkload, needsOf, pathType, workloadsOf } from "../../paths.ts";
import { type Route, routesOf } from "../../routes.ts";
import { explainedAt, type Finding, judging, type Rule } from "../../rule.ts";

const name = "two-cloud-minimum";

export const twoCloudMinimum: Rule = {
  name,
  description:
    "Every critical workload has at least two inference paths on at least two clouds. A path is on the clouds that its resources are made in, whatever it says of itself; and a route serves only workloads whose paths are declared.",
  severity: "critical",
  tags: ["independence", "two-cloud-minimum"],
  remediationSteps:
    "Add a path in another cloud to stacks/workloads.yaml, or build the second path from resources of another cloud only.",
  url: explainedAt(name),
  references: ["EU AI Act Art. 15(4)"],
  reads: [{ type: pathType, path: "workload" }],
  validateStack: judging((graph) => {
    const workloads = workloadsOf(graph);
    return [
      ...workloads.filter(({ critical }) => critical).flatMap((workload) => cloudFindings(graph, workload)),
      ...routesOf(graph).flatMap((route) => strangers(route, workloads)),
    ];
  }),
};

interface Standing {
  readonly path: DeclaredPath;
  readonly clouds: ReadonlySet<Cloud>;
}

function cloudFindings(graph: Graph, { name: workload, paths }: DeclaredWorkload): Finding[] {
  const standing = paths.map((path) => ({ path, clouds: cloudsIn(graph, needsOf(graph, path).keys()) }));
  const list = standing.map(listed).join("; ");
  const apart = standing.some((one) => standing.some((other) => areApart(one, other)));
  if (apart) return [];
  const urn = paths[0]?.node.urn;
  const problem = paths.length < 2 ? "it has one path" : "no two of its paths stand on different clouds";
  return [
    {
      message: `${workload} is critical, but ${problem}: ${list}. Allowed: two paths that have no cloud in common. Fix: build one of them from another cloud's resources only.`,
      urn,
    },
  ];
}

/** A path of which no cloud can be told is not on another cloud. */
function areApart(one: Standing, other: Standing): boolean {
  if (one.path === other.path || one.clouds.size === 0 || other.clouds.size === 0) return false;
  return ![...one.clouds].some((cloud) => other.clouds.has(cloud));
}

function listed({ path, clouds }: Standing): string {
  return `${path.id} on ${clouds.size === 0 ? "no cloud that can be told" : [...clouds].sort().join(" and ")}`;
}

/** A route without declared paths would be judged by no rule about workloads. */
function strangers({ object }: Route, workloads: readonly DeclaredWorkload[]): Finding[] {
  const label = at(object.node.props, "metadata", "labels", "twocloud/workload");
  const served = typeof label === "string" ? label : object.name;
  if (workloads.some((workload) => workload.name === served)) return [];
  return [
    {
      message: `route ${object.name ?? object.node.name} serves ${served ?? "a workload without a name"}, of which no path is declared. Fix: declare its paths (InferencePath), or remove the route.`,
      urn: object.node.urn,
    },
  ];
}
