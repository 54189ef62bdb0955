/** What stands beside a VPC's network: endpoints of AWS services, and flow logs. */
import type { Context, ResourceType } from "../../cloud.ts";
import { asList, type Properties } from "../../values.ts";
import { arnOf, awsType, domainOf, refs } from "./common.ts";

const vpcEndpoint = awsType({
  token: "aws:ec2/vpcEndpoint:VpcEndpoint",
  id: (_, context) => `vpce-${context.hex(17)}`,
  arn: (_, context) => arnOf("ec2", `vpc-endpoint/${context.id}`, context),
  taggable: true,
  defaults: { vpcEndpointType: "Gateway" },
  replaceOn: ["serviceName", "vpcId", "vpcEndpointType", "serviceRegion"],
  references: [
    refs.vpc("vpcId"),
    refs.subnet("subnetIds[]"),
    refs.securityGroup("securityGroupIds[]"),
    refs.routeTable("routeTableIds[]"),
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

const flowLog = awsType({
  token: "aws:ec2/flowLog:FlowLog",
  id: (_, context) => `fl-${context.hex(17)}`,
  arn: (_, context) => arnOf("ec2", `vpc-flow-log/${context.id}`, context),
  taggable: true,
  defaults: { logDestinationType: "cloud-watch-logs", maxAggregationInterval: 600 },
  replaceOn: [
    "vpcId",
    "subnetId",
    "eniId",
    "iamRoleArn",
    "logDestination",
    "logDestinationType",
    "logFormat",
    "trafficType",
  ],
  references: [refs.vpc("vpcId"), refs.subnet("subnetId"), refs.roleArn("iamRoleArn")],
});

export const endpointTypes: readonly ResourceType[] = [vpcEndpoint, flowLog];

function endpointNames(inputs: Properties, context: Context): Properties[] {
  const service = String(inputs.serviceName).split(".").at(-1);
  const { region } = context.placement;
  const name = `${context.id}-${context.hex(8, "dns")}.${service}.${region}.vpce.${domainOf(region)}`;
  return [{ dnsName: name, hostedZoneId: `Z${context.hex(13, "dns zone").toUpperCase()}` }];
}
