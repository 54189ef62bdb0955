import { demanding, forbidden } from "../../demand/index.ts";

export const accessKeys = demanding(
  {
    name: "access-keys",
    description: "No access key of a user and no long-lived key of a service is made: whoever finds one can use it.",
    severity: "critical",
    tags: ["identity", "aws"],
    remediationSteps: "Remove the key; let the caller take a role by its own identity.",
  },
  [
    forbidden(
      ["aws:iam/accessKey:AccessKey", "aws:iam/serviceSpecificCredential:ServiceSpecificCredential"],
      "remove it and let the caller take a role",
    ),
  ],
);
