import { demand, demanding } from "../../demand/index.ts";
import { is, namedNetworks } from "../../demand/want.ts";

export const eksEndpoint = demanding(
  {
    name: "eks-endpoint",
    description:
      "The API server of an EKS cluster is reached inside its network, and from outside by named networks or not at all.",
    severity: "critical",
    tags: ["network", "aws"],
    references: ["FSBP EKS.1", "CIS EKS 5.4.1", "CIS EKS 5.4.2", "CKV_AWS_38", "CKV_AWS_39"],
    remediationSteps:
      "Set vpcConfig.endpointPrivateAccess to true, and endpointPublicAccess to false or publicAccessCidrs to the runners' networks.",
  },
  [
    demand("aws:eks/cluster:Cluster", "vpcConfig.endpointPrivateAccess", is(true), "set it to true"),
    {
      types: ["aws:eks/cluster:Cluster"],
      any: [
        { path: "vpcConfig.endpointPublicAccess", wants: is(false) },
        { path: "vpcConfig.publicAccessCidrs", wants: namedNetworks },
      ],
      fix: "set endpointPublicAccess to false, or publicAccessCidrs to the runners' networks",
    },
  ],
);
