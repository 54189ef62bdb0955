/** Google Cloud in the sandbox. */
import type { CloudPackage, Problem, ResourceType } from "../../cloud.ts";
import type { Placement } from "../../store.ts";
import { isUnknown, knownString, type Properties } from "../../values.ts";

const network: ResourceType = {
  token: "gcp:compute/network:Network",
  regional: false,
  id: (inputs, { placement }) => `projects/${placement.scope}/global/networks/${inputs.name}`,
  name: {
    property: "name",
    pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
    allowed: "lowercase letters, digits and hyphens, beginning with a letter, not ending with a hyphen",
    maxLength: 63,
    source: "https://cloud.google.com/compute/docs/naming-resources",
    auto: { transform: (name) => name.toLowerCase() },
  },
  unique: [
    {
      paths: ["name"],
      within: "scope",
      refusal: (name) => `googleapi: Error 409: The resource 'networks/${name}' already exists, alreadyExists`,
    },
  ],
  defaults: { autoCreateSubnetworks: true },
  replaceOn: ["name", "autoCreateSubnetworks", "description", "project"],
  outputs: (inputs, context) => ({
    project: context.placement.scope,
    networkId: context.digits(19),
    numericId: context.digits(19),
    gatewayIpv4: "",
    mtu: inputs.mtu ?? 0,
    selfLink: `https://www.googleapis.com/compute/v1/${context.id}`,
  }),
  handles: ({ selfLink, name }) => [
    { by: "selfLink", value: String(selfLink) },
    { by: "name", value: String(name) },
  ],
};

export const gcp: CloudPackage = {
  name: "gcp",
  types: [network],
  functions: {},
  idInOutputs: true,
  connect,
  place,
};

/** A resource's own project wins over the provider's. */
function place(inputs: Properties, connection: { scope: string; region: string }, type: ResourceType): Placement {
  const scope = knownString(inputs.project) ?? connection.scope;
  return { scope, region: type.regional ? (knownString(inputs.region) ?? connection.region) : "" };
}

/** The project is what the configuration says; no credentials of this machine are looked at. */
function connect(config: Properties): { scope: string; region: string; problems: readonly Problem[] } {
  const scope = knownString(config.project) ?? "";
  const missing = scope === "" && !isUnknown(config.project);
  const reason = "no project: the sandbox reads no credentials, so project of the gcp provider is needed";
  return {
    scope,
    region: knownString(config.region) ?? "",
    problems: missing ? [{ property: "project", reason }] : [],
  };
}
