/** Whether AWS takes a gateway's token: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc.html */
import { asList } from "../../values.ts";
import { type Drop, drop } from "../causes.ts";
import { judge } from "../iam.ts";
import { environmentOf, roleOf } from "../signing.ts";
import type { Visit } from "../target.ts";
import { mountedToken } from "../tokens.ts";

const PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";

export function awsTrustDrop({ held, from }: Visit): Drop | undefined {
  const role = roleOf(held, from);
  if (role === undefined) return undefined;
  const file = environmentOf(held, from, "AWS_WEB_IDENTITY_TOKEN_FILE") ?? "";
  const token = mountedToken(held, from, file);
  if (token === undefined) {
    const why = `the pods have no token at ${file || "AWS_WEB_IDENTITY_TOKEN_FILE, which is not set"}`;
    return drop("awsIssuer", from.proxy ?? from.gateway, why, "Mount a projected token there for sts.amazonaws.com");
  }
  const provider = held.all(PROVIDER, role.placement.scope).find(({ outputs }) => outputs.url === token.issuer);
  if (provider === undefined) {
    const why = `its account has no OpenID Connect provider for ${token.issuer}`;
    return drop("awsIssuer", role, why, `Make an OpenIdConnectProvider for ${token.issuer}`);
  }
  if (!asList(provider.outputs.clientIdLists).includes(token.audience)) {
    const why = `clientIdLists has ${asList(provider.outputs.clientIdLists).join(", ")}; the token is for ${token.audience}`;
    return drop("awsIssuer", provider, why, `Add ${token.audience} to clientIdLists`);
  }
  const issuer = token.issuer.replace(/^https:\/\//, "").toLowerCase();
  const verdict = judge([role.outputs.assumeRolePolicy], {
    action: "sts:AssumeRoleWithWebIdentity",
    resource: String(role.outputs.arn),
    principals: [provider.id],
    context: { [`${issuer}:sub`]: token.subject, [`${issuer}:aud`]: token.audience },
    sources: [],
  });
  if (verdict === "allowed") return undefined;
  const why = `its trust policy does not let ${token.subject} of ${token.issuer} take it on, for ${token.audience}`;
  return drop("awsTrust", role, why, "Name that provider, subject and audience in assumeRolePolicy");
}
