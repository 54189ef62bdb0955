import { demand, demanding } from "../../demand/index.ts";
import { given, matching } from "../../demand/want.ts";

const provider = "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider";

export const federationCondition = demanding(
  {
    name: "federation-condition",
    description:
      "A pool of foreign identities admits one issuer that is named, for one audience, under a condition; without it any tenant of the issuer could come in.",
    severity: "critical",
    tags: ["identity", "gcp"],
    remediationSteps: "Set attributeCondition, oidc.issuerUri and oidc.allowedAudiences.",
  },
  [
    demand(
      provider,
      "attributeCondition",
      matching(/\S/, "a condition on the assertion", 'assertion.sub == "system:serviceaccount:a:b"', ""),
      "admit only the subjects that call",
    ),
    demand(provider, "oidc.issuerUri", given, "name the issuer"),
    demand(provider, "oidc.allowedAudiences", given, "name the audience that tokens are made for"),
  ],
);
