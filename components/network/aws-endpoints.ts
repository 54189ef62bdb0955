import * as ec2 from "@pulumi/aws/ec2/index.js";
import * as vpc from "@pulumi/aws/vpc/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { namedTags, partitionOf, policyDocument } from "../aws.ts";
import type { Location } from "../plan/types.ts";

/** Ways from a VPC to AWS's own services that don't touch the internet. */

interface Place {
  location: Location;
  networkId: pulumi.Input<string>;
  tags: Record<string, string>;
}

interface Options {
  parent: pulumi.Resource;
}

/** A security group that lets the location's whole network in on 443, and nothing out. */
export function buildEndpointGroup(name: string, place: Place, opts: Options): ec2.SecurityGroup {
  const { location, networkId, tags } = place;
  const group = new ec2.SecurityGroup(
    name,
    { vpcId: networkId, description: "Endpoints of AWS services", tags: namedTags(tags, name) },
    opts,
  );
  new vpc.SecurityGroupIngressRule(
    `${name}-https`,
    {
      securityGroupId: group.id,
      description: "HTTPS from the network",
      cidrIpv4: location.cidr,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      tags,
    },
    opts,
  );
  return group;
}

export interface InterfaceEndpointArgs extends Place {
  /** As AWS names it after the region: `ecr.api`. */
  service: string;
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  securityGroupId: pulumi.Input<string>;
  /** Who may call what through it. @default everything; callers need their own permission all the same */
  policy?: pulumi.Input<string>;
}

/** An address of one AWS service in each of the subnets; the service's public name leads there. */
export function buildInterfaceEndpoint(name: string, args: InterfaceEndpointArgs, opts: Options): ec2.VpcEndpoint {
  return new ec2.VpcEndpoint(
    name,
    {
      vpcId: args.networkId,
      serviceName: `com.amazonaws.${args.location.region}.${args.service}`,
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
      subnetIds: args.subnetIds,
      securityGroupIds: [args.securityGroupId],
      ...(args.policy === undefined ? {} : { policy: args.policy }),
      tags: namedTags(args.tags, name),
    },
    opts,
  );
}

export interface StorageEndpointArgs extends Place {
  routeTableIds: pulumi.Input<string>[];
}

/** The way to S3 in the same region; it costs nothing. */
export function buildStorageEndpoint(name: string, args: StorageEndpointArgs, opts: Options): ec2.VpcEndpoint {
  return new ec2.VpcEndpoint(
    name,
    {
      vpcId: args.networkId,
      serviceName: `com.amazonaws.${args.location.region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: args.routeTableIds,
      policy: storagePolicy(args.location),
      tags: namedTags(args.tags, name),
    },
    opts,
  );
}

/**
 * Storage of this account, and the layers of images in ECR, which lie in a bucket of AWS's own
 * (https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html): nothing can be carried off to somebody
 * else's bucket in the region.
 */
function storagePolicy({ account, region }: Location): pulumi.Output<string> {
  const layers = `arn:${partitionOf(region)}:s3:::prod-${region}-starport-layer-bucket/*`;
  return policyDocument(
    { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: layers },
    {
      Effect: "Allow",
      Principal: "*",
      Action: "s3:*",
      Resource: "*",
      Condition: { StringEquals: { "s3:ResourceAccount": account } },
    },
  );
}
