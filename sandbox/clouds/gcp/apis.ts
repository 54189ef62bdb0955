/** APIs of a project, which are off until somebody switches them on. https://cloud.google.com/service-usage/docs/enabled-service */
import type { Context, Problem } from "../../cloud.ts";
import { wrong } from "./answers.ts";
import { projectNumber } from "./project-numbers.ts";

export const SERVICE = "gcp:projects/service:Service";

/**
 * APIs that are off in a new project and that only the project in which the resource lies can switch on. Those that are on
 * from the beginning (Cloud Storage, Cloud Logging) are not here, nor those that ask for the API in the project of whoever
 * calls, which the sandbox does not know (IAM, Resource Manager, Access Context Manager, Organization Policy).
 */
const titles = {
  compute: "Compute Engine API",
  container: "Kubernetes Engine API",
  cloudkms: "Cloud Key Management Service (KMS) API",
  dns: "Cloud DNS API",
  artifactregistry: "Artifact Registry API",
  aiplatform: "Vertex AI API",
  networkconnectivity: "Network Connectivity API",
} as const;

export type Api = keyof typeof titles;
export const apisToSwitchOn: readonly string[] = Object.keys(titles).map((name) => `${name}.googleapis.com`);

/** APIs that come with another one: GKE's machines are Compute Engine's. */
const comesWith: Partial<Record<Api, readonly Api[]>> = { compute: ["container"] };

export const API_OFF_PAGE = "https://cloud.google.com/service-usage/docs/enable-disable";

/** The answer of an API that is not switched on in the project. */
export function disabledApi(api: Api, context: Context): Problem[] {
  const project = context.placement.scope;
  const isOn = [api, ...(comesWith[api] ?? [])].some(
    (name) => context.find(SERVICE, `${project}/${name}.googleapis.com`) !== undefined,
  );
  if (isOn) return [];
  const text = `SERVICE_DISABLED: ${titles[api]} has not been used in project ${projectNumber(project)} before or it is disabled`;
  const fix = `Switch on ${api}.googleapis.com in ${project} (gcp.projects.Service), and let what needs it depend on that`;
  return [wrong("", "accessNotConfigured", text, { kind: "reference", fix, source: API_OFF_PAGE })];
}
