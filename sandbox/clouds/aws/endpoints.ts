/** What stands beside a VPC's network: endpoints of AWS services, and flow logs. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, knownString, type Properties } from "../../values.ts";
import { arnOf, awsType, domainOf, jsonProblems, oneOfProblems, refs } from "./common.ts";

const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const CREATE_ENDPOINT = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html";

const vpcEndpoint = awsType({
  token: ENDPOINT,
  id: (_, context) => `vpce-${context.hex(17)}`,
  arn: (_, context) => arnOf("ec2", `vpc-endpoint/${context.id}`, context),
  taggable: true,
  defaults: { vpcEndpointType: "Gateway" },
  replaceOn: [
    "serviceName",
    "vpcId",
    "vpcEndpointType",
    "serviceRegion",
    "resourceConfigurationArn",
    "serviceNetworkArn",
    "dnsOptions.privateDnsPreference",
    "dnsOptions.privateDnsSpecifiedDomains",
  ],
  references: [
    refs.vpc("vpcId"),
    refs.subnet("subnetIds[]"),
    refs.securityGroup("securityGroupIds[]"),
    refs.routeTable("routeTableIds[]"),
  ],
  check: (inputs) => [
    ...oneOfProblems(inputs, ["serviceName", "resourceConfigurationArn", "serviceNetworkArn"], "MissingParameter").map(
      (problem) => ({ ...problem, kind: "required" }) as const,
    ),
    ...jsonProblems(inputs, "policy").map((problem) => ({ ...problem, reason: `InvalidParameter: ${problem.reason}` })),
    ...endpointTypeProblems(inputs),
  ],
  refuse: (inputs, context) => [
    ...serviceRefusals(inputs, context),
    ...zoneRefusals(inputs, context),
    ...privateNameRefusals(inputs, context),
  ],
  outputs: (inputs, context) => ({
    ownerId: context.placement.scope,
    state: "available",
    requesterManaged: false,
    ipAddressType: inputs.ipAddressType ?? "ipv4",
    privateDnsEnabled: inputs.privateDnsEnabled ?? false,
    routeTableIds: inputs.routeTableIds ?? [],
    securityGroupIds: inputs.securityGroupIds ?? [],
    subnetIds: inputs.subnetIds ?? [],
    serviceRegion: inputs.serviceRegion ?? context.placement.region,
    networkInterfaceIds: asList(inputs.subnetIds).map((id) => `eni-${context.hex(17, `interface ${id}`)}`),
    dnsEntries: inputs.vpcEndpointType === "Interface" ? endpointNames(inputs, context) : [],
  }),
});

/** Whose traffic is logged. */
const FLOW_SOURCES = [
  "vpcId",
  "subnetId",
  "eniId",
  "transitGatewayId",
  "transitGatewayAttachmentId",
  "regionalNatGatewayId",
];

const flowLog = awsType({
  token: "aws:ec2/flowLog:FlowLog",
  id: (_, context) => `fl-${context.hex(17)}`,
  arn: (_, context) => arnOf("ec2", `vpc-flow-log/${context.id}`, context),
  taggable: true,
  defaults: { logDestinationType: "cloud-watch-logs", maxAggregationInterval: 600 },
  // Once made, a flow log can't be changed but in its tags.
  replaceOn: [
    ...FLOW_SOURCES,
    "deliverCrossAccountRole",
    "destinationOptions",
    "iamRoleArn",
    "logDestination",
    "logDestinationType",
    "logFormat",
    "maxAggregationInterval",
    "tagFieldSpecifications",
    "trafficType",
  ],
  references: [
    refs.vpc("vpcId"),
    refs.subnet("subnetId"),
    { ...refs.roleArn("iamRoleArn"), refusal: (arn) => `InvalidParameter: Unable to assume given IAM role: ${arn}` },
  ],
  unique: [
    {
      paths: [...FLOW_SOURCES, "logDestination", "trafficType"],
      within: "region",
      refusal: (key) => `FlowLogAlreadyExists: There is an existing Flow Log with the same configuration: ${key}`,
      fix: "Use the one that is there, or another destination",
    },
  ],
  check: (inputs) => [
    ...oneOfProblems(inputs, FLOW_SOURCES, "MissingParameter").map(
      (problem) => ({ ...problem, kind: "required" }) as const,
    ),
    ...flowProblems(inputs),
  ],
});

export const endpointTypes: readonly ResourceType[] = [vpcEndpoint, flowLog];

function endpointNames(inputs: Properties, context: Context): Properties[] {
  const service = String(inputs.serviceName).split(".").at(-1);
  const { region } = context.placement;
  const name = `${context.id}-${context.hex(8, "dns")}.${service}.${region}.vpce.${domainOf(region)}`;
  return [{ dnsName: name, hostedZoneId: `Z${context.hex(13, "dns zone").toUpperCase()}` }];
}

/** Services that a VPC's route tables lead to: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html */
const GATEWAY_SERVICES = ["s3", "dynamodb"];

function endpointTypeProblems({ serviceName, vpcEndpointType, subnetIds, routeTableIds }: Properties): Problem[] {
  const name = knownString(serviceName);
  const gateway = vpcEndpointType === "Gateway";
  if (gateway && name?.startsWith("com.amazonaws.") && !GATEWAY_SERVICES.includes(name.split(".").at(-1) ?? "")) {
    const reason = `InvalidParameter: Endpoint type (Gateway) does not match available service types ([Interface]) of ${name}`;
    return [{ property: "vpcEndpointType", reason, fix: 'Give vpcEndpointType "Interface"' }];
  }
  const foreign = gateway ? subnetIds : routeTableIds;
  if (asList(foreign).length === 0) return [];
  const [property, kind] = gateway ? ["subnetIds", "gateway"] : ["routeTableIds", "interface"];
  const reason = `InvalidParameterCombination: ${property} can't be given for ${kind} endpoints`;
  return [{ property: property ?? "", reason, fix: `Leave ${property} out, or make it of another type` }];
}

/** AWS's own services are named after the region that they are in. */
function serviceRefusals({ serviceName, serviceRegion }: Properties, { placement }: Context): Problem[] {
  const [, region] = /^com\.amazonaws\.([a-z]+(?:-[a-z]+)+-\d)\./.exec(knownString(serviceName) ?? "") ?? [];
  const expected = knownString(serviceRegion) ?? placement.region;
  if (region === undefined || region === expected) return [];
  const reason = `InvalidServiceName: The Vpc Endpoint Service '${serviceName}' does not exist in ${expected}`;
  return [{ property: "serviceName", kind: "placement", reason, fix: `Name the service of ${expected}` }];
}

function zoneRefusals({ subnetIds }: Properties, context: Context): Problem[] {
  const zones = asList(subnetIds).map((id) => context.find("aws:ec2/subnet:Subnet", id)?.outputs.availabilityZone);
  const twice = zones.findIndex((zone, index) => zone !== undefined && zones.indexOf(zone) !== index);
  if (twice < 0) return [];
  const reason = `DuplicateSubnetsInSameZone: Found another VPC endpoint subnet in the availability zone of ${asList(subnetIds)[twice]}`;
  return [{ property: `subnetIds[${twice}]`, kind: "placement", reason, fix: "Give one subnet of each zone" }];
}

/** Private names need a network that resolves names, and no other endpoint in it that has them. */
function privateNameRefusals(inputs: Properties, context: Context): Problem[] {
  const network = context.find("aws:ec2/vpc:Vpc", inputs.vpcId)?.outputs;
  if (inputs.privateDnsEnabled !== true || network === undefined) return [];
  const property = "privateDnsEnabled";
  if (network.enableDnsSupport !== true || network.enableDnsHostnames !== true) {
    const reason = `InvalidParameter: Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${inputs.vpcId}`;
    return [{ property, reason, fix: "Set both on the VPC", source: CREATE_ENDPOINT }];
  }
  const other = context
    .all(ENDPOINT)
    .find(
      ({ id, outputs }) =>
        id !== context.id &&
        outputs.vpcId === inputs.vpcId &&
        outputs.serviceName === inputs.serviceName &&
        outputs.privateDnsEnabled === true,
    );
  if (other === undefined) return [];
  const reason = `InvalidParameter: private-dns-enabled cannot be set because there is already a conflicting DNS domain for ${inputs.serviceName} in the VPC ${inputs.vpcId}: that of ${other.id}`;
  return [{ property, reason, fix: "Use the endpoint that is there, or leave its private names out" }];
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html */
function flowProblems(inputs: Properties): Problem[] {
  const { iamRoleArn, logDestinationType, maxAggregationInterval, trafficType } = inputs;
  const problems: Problem[] = [];
  if (logDestinationType === "cloud-watch-logs" && iamRoleArn === undefined) {
    const reason = "MissingParameter: DeliverLogsPermissionArn can't be empty if the destination is CloudWatch Logs";
    const fix = "Give iamRoleArn a role that may write to the log group";
    problems.push({ property: "iamRoleArn", kind: "required", reason, fix });
  }
  if (trafficType === undefined && inputs.transitGatewayId === undefined && !inputs.transitGatewayAttachmentId) {
    const reason = "MissingParameter: The request must include the trafficType parameter";
    problems.push({ property: "trafficType", kind: "required", reason, fix: 'Give trafficType "ALL"' });
  }
  if (maxAggregationInterval !== 60 && maxAggregationInterval !== 600 && typeof maxAggregationInterval === "number") {
    const reason = `InvalidParameter: maxAggregationInterval is ${maxAggregationInterval}`;
    problems.push({ property: "maxAggregationInterval", reason, fix: "Give it 60 or 600 seconds" });
  }
  return problems;
}
