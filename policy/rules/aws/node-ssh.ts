import { demanding } from "../../demand/index.ts";
import { absent, given } from "../../demand/want.ts";

export const nodeSsh = demanding(
  {
    name: "node-ssh",
    description: "No node group of EKS can be reached by SSH from everywhere.",
    severity: "high",
    tags: ["network", "aws"],
    references: ["CKV_AWS_100"],
    remediationSteps:
      "Leave remoteAccess out; use Session Manager, or name security groups in remoteAccess.sourceSecurityGroupIds.",
  },
  [
    {
      types: ["aws:eks/nodeGroup:NodeGroup"],
      any: [
        { path: "remoteAccess.ec2SshKey", wants: absent },
        { path: "remoteAccess.sourceSecurityGroupIds", wants: given },
      ],
      fix: "leave remoteAccess out",
    },
  ],
);
