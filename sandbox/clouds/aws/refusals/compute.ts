/** The refusal table's rows of machines and clusters. */
import { ec2, eks, fixed, none, pages, type Rows, refused } from "./rows.ts";

/** EKS has no parameter that changes it. */
const kept = (type: string) => fixed("InvalidParameterException", `eks/${type}`);

export const computeRows: Rows = {
  "aws:ec2/launchTemplate:LaunchTemplate": {
    required: ec2("MissingParameter"),
    immutable: fixed("UnsupportedOperation", "ec2/launchTemplate"),
    reference: ec2("InvalidGroup.NotFound"),
    name: ec2("InvalidLaunchTemplateName.MalformedException"),
    placement: none("EC2 looks at a template's values when machines are started from it; see the node group"),
    limit: refused("InvalidParameterValue", `${pages.ec2}/API_LaunchTemplateEbsBlockDeviceRequest.html`),
    inUse: none("EC2 deletes a launch template also while node groups are made from it"),
  },
  "aws:ec2/placementGroup:PlacementGroup": {
    required: ec2("MissingParameter"),
    immutable: fixed("UnsupportedOperation", "ec2/placementGroup"),
    reference: none("a placement group stands by itself"),
    name: ec2("InvalidPlacementGroup.Duplicate"),
    placement: refused("InvalidParameterCombination", `${pages.ec2}/API_CreatePlacementGroup.html`),
    limit: refused("InvalidParameterValue", `${pages.ec2}/API_CreatePlacementGroup.html`),
    inUse: ec2("InvalidPlacementGroup.InUse"),
  },
  "aws:eks/cluster:Cluster": {
    required: eks("InvalidParameterException", "CreateCluster"),
    immutable: kept("cluster"),
    reference: eks("InvalidParameterException", "CreateCluster"),
    name: eks("InvalidParameterException", "CreateCluster"),
    placement: eks("UnsupportedAvailabilityZoneException", "CreateCluster"),
    limit: eks("InvalidParameterException", "CreateCluster"),
    inUse: eks("ResourceInUseException", "DeleteCluster"),
  },
  "aws:eks/nodeGroup:NodeGroup": {
    required: eks("InvalidParameterException", "CreateNodegroup"),
    immutable: kept("nodeGroup"),
    reference: eks("ResourceNotFoundException", "DescribeCluster"),
    name: eks("InvalidParameterException", "CreateNodegroup"),
    placement: eks("Ec2InstanceTypeDoesNotExist", "Issue"),
    limit: eks("InvalidParameterException", "CreateNodegroup"),
    inUse: none("EKS drains the nodes of a group and ends them; whatever runs there moves or waits"),
  },
  "aws:eks/accessEntry:AccessEntry": {
    required: eks("InvalidParameterException", "CreateAccessEntry"),
    immutable: kept("accessEntry"),
    reference: eks("ResourceNotFoundException", "CreateAccessEntry"),
    name: eks("ResourceInUseException", "CreateAccessEntry"),
    placement: none("an access entry is where its cluster is"),
    limit: eks("InvalidParameterException", "CreateAccessEntry"),
    inUse: none("an access entry takes its policies' associations along"),
  },
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
    required: eks("InvalidParameterException", "AssociateAccessPolicy"),
    immutable: kept("accessPolicyAssociation"),
    reference: eks("ResourceNotFoundException", "AssociateAccessPolicy"),
    name: none("it has no name: associating the same policy again sets its scope anew"),
    placement: none("an association is where its cluster is"),
    limit: eks("InvalidParameterException", "AssociateAccessPolicy"),
    inUse: none("nothing names an association"),
  },
  "aws:eks/addon:Addon": {
    required: eks("InvalidParameterException", "CreateAddon"),
    immutable: kept("addon"),
    reference: eks("ResourceNotFoundException", "CreateAddon"),
    name: eks("ResourceInUseException", "CreateAddon"),
    placement: eks("InvalidParameterException", "CreateAddon"),
    limit: eks("InvalidParameterException", "CreateAddon"),
    inUse: none("an add-on goes whatever needs it"),
  },
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
    required: eks("InvalidParameterException", "CreatePodIdentityAssociation"),
    immutable: kept("podIdentityAssociation"),
    reference: eks("ResourceNotFoundException", "CreatePodIdentityAssociation"),
    name: eks("ResourceInUseException", "CreatePodIdentityAssociation"),
    placement: none("an association is where its cluster is"),
    limit: eks("ResourceLimitExceededException", "CreatePodIdentityAssociation"),
    inUse: none("pods that run keep their credentials until these expire"),
  },
};
