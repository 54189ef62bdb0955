/** The refusal table's rows of networks. */
import { ec2, fixed, none, pages, type Rows, refused } from "./rows.ts";

const required = ec2("MissingParameter");
/** EC2 has no call that changes it. */
const kept = (type: string) => fixed("UnsupportedOperation", `ec2/${type}`);
const noName = (what: string) => none(`${what} has no name, only tags`);

export const networkRows: Rows = {
  "aws:ec2/vpc:Vpc": {
    required,
    immutable: fixed("InvalidVpc.Range", "ec2/vpc"),
    reference: none("a VPC stands by itself"),
    name: noName("a VPC"),
    placement: none("every region has VPCs"),
    limit: refused("InvalidVpc.Range", `${pages.vpcGuide}/vpc-cidr-blocks.html`),
    inUse: ec2("DependencyViolation"),
  },
  "aws:ec2/subnet:Subnet": {
    required,
    immutable: fixed("InvalidSubnet.Range", "ec2/subnet"),
    reference: ec2("InvalidVpcID.NotFound"),
    name: noName("a subnet"),
    placement: refused("InvalidParameterValue", `${pages.ec2}/API_CreateSubnet.html`),
    limit: refused("InvalidSubnet.Range", `${pages.vpcGuide}/subnet-sizing.html`),
    inUse: ec2("DependencyViolation"),
  },
  "aws:ec2/internetGateway:InternetGateway": {
    required,
    immutable: kept("internetGateway"),
    reference: ec2("InvalidVpcID.NotFound"),
    name: ec2("Resource.AlreadyAssociated"),
    placement: none("every region has internet gateways"),
    limit: ec2("InternetGatewayLimitExceeded"),
    inUse: refused("DependencyViolation", `${pages.ec2}/API_DetachInternetGateway.html`),
  },
  "aws:ec2/eip:Eip": {
    required: ec2("InvalidParameterValue"),
    immutable: kept("eip"),
    reference: ec2("InvalidInstanceID.NotFound"),
    name: noName("an address"),
    placement: refused("InvalidParameterValue", `${pages.ec2}/API_AllocateAddress.html`),
    limit: ec2("AddressLimitExceeded"),
    inUse: refused("InvalidIPAddress.InUse", `${pages.ec2}/API_ReleaseAddress.html`),
  },
  "aws:ec2/natGateway:NatGateway": {
    required: refused("MissingParameter", `${pages.ec2}/API_CreateNatGateway.html`),
    immutable: kept("natGateway"),
    reference: refused("Gateway.NotAttached", `${pages.ec2}/API_NatGateway.html`),
    name: ec2("Resource.AlreadyAssociated"),
    placement: none("it is put into a subnet, and so is where that is"),
    limit: refused("InvalidParameter", `${pages.ec2}/API_CreateNatGateway.html`),
    inUse: none("a NAT gateway goes whatever leads to it; the routes become black holes"),
  },
  "aws:ec2/routeTable:RouteTable": {
    required,
    immutable: kept("routeTable"),
    reference: ec2("InvalidVpcID.NotFound"),
    name: noName("a route table"),
    placement: none("every region has route tables"),
    limit: ec2("InvalidParameterCombination"),
    inUse: none("the provider takes the table's associations away before it deletes the table"),
  },
  "aws:ec2/route:Route": {
    required: refused("MissingParameter", `${pages.ec2}/API_CreateRoute.html`),
    immutable: kept("route"),
    reference: ec2("InvalidRouteTableID.NotFound"),
    name: ec2("RouteAlreadyExists"),
    placement: none("a route is where its table is"),
    limit: refused("InvalidParameterValue", `${pages.ec2}/API_CreateRoute.html`),
    inUse: none("nothing names a route"),
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    required,
    immutable: kept("routeTableAssociation"),
    reference: ec2("InvalidRouteTableID.NotFound"),
    name: ec2("Resource.AlreadyAssociated"),
    placement: none("an association is where its table is"),
    limit: refused("InvalidParameterValue", `${pages.ec2}/API_AssociateRouteTable.html`),
    inUse: none("nothing names an association"),
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    required,
    immutable: kept("vpcEndpoint"),
    reference: ec2("InvalidVpcID.NotFound"),
    name: noName("an endpoint"),
    placement: refused("InvalidServiceName", `${pages.ec2}/API_CreateVpcEndpoint.html`),
    limit: refused("InvalidParameter", `${pages.ec2}/API_CreateVpcEndpoint.html`),
    inUse: none("an endpoint goes whoever calls through it"),
  },
  "aws:ec2/flowLog:FlowLog": {
    required: refused("MissingParameter", `${pages.ec2}/API_CreateFlowLogs.html`),
    immutable: fixed("UnsupportedOperation", "ec2/flowLog"),
    reference: ec2("InvalidVpcID.NotFound"),
    name: ec2("FlowLogAlreadyExists"),
    placement: none("a flow log is where its network is"),
    limit: refused("InvalidParameter", `${pages.ec2}/API_CreateFlowLogs.html`),
    inUse: none("nothing names a flow log"),
  },
};

const ruleRow = (type: string, call: string): Rows[string] => ({
  required,
  immutable: fixed("UnsupportedOperation", `vpc/${type}`),
  reference: ec2("InvalidGroup.NotFound"),
  name: ec2("InvalidPermission.Duplicate"),
  placement: none("a rule is where its group is"),
  limit: refused("InvalidParameterValue", `${pages.ec2}/API_${call}.html`),
  inUse: none("nothing names a rule"),
});

export const securityGroupRows: Rows = {
  "aws:ec2/securityGroup:SecurityGroup": {
    required,
    immutable: kept("securityGroup"),
    reference: ec2("InvalidVpcID.NotFound"),
    name: refused("InvalidParameterValue", `${pages.ec2}/API_CreateSecurityGroup.html`),
    placement: none("every region has security groups"),
    limit: refused("InvalidParameterValue", `${pages.ec2}/API_CreateSecurityGroup.html`),
    inUse: refused("DependencyViolation", `${pages.ec2}/API_DeleteSecurityGroup.html`),
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    required,
    immutable: kept("defaultSecurityGroup"),
    reference: ec2("InvalidVpcID.NotFound"),
    name: none('a VPC has one such group, and it is called "default"'),
    placement: none("every VPC has one"),
    limit: refused("InvalidParameterValue", `${pages.ec2}/API_AuthorizeSecurityGroupIngress.html`),
    inUse: none("the provider leaves the group where it is and only forgets it"),
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ruleRow(
    "securityGroupIngressRule",
    "AuthorizeSecurityGroupIngress",
  ),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ruleRow(
    "securityGroupEgressRule",
    "AuthorizeSecurityGroupEgress",
  ),
};
