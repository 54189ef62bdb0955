import { demanding, forbidden } from "../../demand/index.ts";

export const serviceAccountKeys = demanding(
  {
    name: "service-account-keys",
    description: "No key of a service account is made: it would be valid for ever, from anywhere.",
    severity: "critical",
    tags: ["identity", "gcp"],
    references: ["CIS GCP 1.5"],
    remediationSteps: "Remove the key; give the caller an identity by workload identity federation.",
  },
  [
    forbidden(
      ["gcp:serviceaccount/key:Key", "gcp:storage/hmacKey:HmacKey", "gcp:projects/apiKey:ApiKey"],
      "remove it and use workload identity federation",
    ),
  ],
);
