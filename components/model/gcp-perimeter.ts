import * as accesscontextmanager from "@pulumi/gcp/accesscontextmanager/index.js";
import * as pulumi from "@pulumi/pulumi";
import { fixedName } from "../gcp.ts";
import type { Location } from "../plan/types.ts";

/** The wall around a project's models: from outside they answer only to the stated addresses. */
export interface PerimeterArgs {
  location: Location;
  /** Number of the organisation's access policy. */
  accessPolicy: string;
  /** Waited for before the wall stands. */
  scope: pulumi.Input<string>;
  /** See `ModelServiceArgs.allowedAddresses`. */
  allowedAddresses: pulumi.Input<string[]>;
  /** False when it is certain that nobody outside may call: then nothing is let in. */
  entered: boolean;
}

/** The service that the wall is around. */
const service = "aiplatform.googleapis.com";

/** Letters, digits and `_`, beginning with a letter. https://cloud.google.com/access-context-manager/docs/reference/rest/v1/accessPolicies.servicePerimeters */
const maxNameLength = 50;

/**
 * A service perimeter around the project for its models alone, with one way in: from the addresses, for callers whom
 * IAM allows. The project's own network is inside. A project can be in one perimeter only, and a change takes up to
 * half an hour to spread (https://cloud.google.com/vpc-service-controls/docs/service-perimeters).
 */
export function buildPerimeter(
  name: string,
  args: PerimeterArgs,
  opts: { parent: pulumi.Resource },
): accesscontextmanager.ServicePerimeter {
  const policy = pulumi.output(args.scope).apply(() => `accessPolicies/${args.accessPolicy}`);
  const project = `projects/${args.location.projectNumber}`;
  const level = args.entered ? buildLevel(name, args, policy, opts) : undefined;
  const title = fixedName(name, maxNameLength, "");
  return new accesscontextmanager.ServicePerimeter(
    `${name}-perimeter`,
    {
      parent: policy,
      name: pulumi.interpolate`${policy}/servicePerimeters/${title}`,
      title,
      description: `Models of ${args.location.name}`,
      perimeterType: "PERIMETER_TYPE_REGULAR",
      status: {
        resources: [project],
        restrictedServices: [service],
        ingressPolicies: level === undefined ? [] : [ingress(level.name, project)],
      },
    },
    // A project can be in one perimeter only; IAM alone guards the moment between.
    { ...opts, deleteBeforeReplace: true },
  );
}

function buildLevel(
  name: string,
  args: PerimeterArgs,
  policy: pulumi.Input<string>,
  opts: { parent: pulumi.Resource },
): accesscontextmanager.AccessLevel {
  const title = fixedName(`${name}-gateways`, maxNameLength, "");
  return new accesscontextmanager.AccessLevel(
    `${name}-gateways`,
    {
      parent: policy,
      name: pulumi.interpolate`${policy}/accessLevels/${title}`,
      title,
      description: "Egress addresses of the gateways in other clouds",
      basic: {
        conditions: [
          { ipSubnetworks: pulumi.output(args.allowedAddresses).apply((all) => all.map((address) => `${address}/32`)) },
        ],
      },
    },
    opts,
  );
}

/** Who it is, IAM checks; rules of a perimeter don't know every kind of federated identity. */
function ingress(accessLevel: pulumi.Input<string>, project: string) {
  return {
    title: "gateways",
    ingressFrom: { identityType: "ANY_IDENTITY", sources: [{ accessLevel }] },
    ingressTo: {
      resources: [project],
      operations: [{ serviceName: service, methodSelectors: [{ method: "*" }] }],
    },
  };
}
