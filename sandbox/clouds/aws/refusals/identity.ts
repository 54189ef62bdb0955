/** The refusal table's rows of IAM. */
import { fixed, iam, none, pages, type Rows, refused } from "./rows.ts";

const required = refused("ValidationError", `${pages.iam}/CommonErrors.html`);
/** IAM has no action that changes it. */
const kept = (type: string) => fixed("InvalidAction", `iam/${type}`);
const everywhere = none("IAM is of the account, not of a region");
const quota = refused("LimitExceeded", `${pages.iamGuide}/reference_iam-quotas.html`);

export const identityRows: Rows = {
  "aws:iam/role:Role": {
    required,
    immutable: kept("role"),
    reference: iam("NoSuchEntity", "AttachRolePolicy"),
    name: required,
    placement: everywhere,
    limit: iam("ValidationError", "CreateRole"),
    inUse: iam("DeleteConflict", "DeleteRole"),
  },
  "aws:iam/policy:Policy": {
    required,
    immutable: kept("policy"),
    reference: none("what a policy allows need not exist"),
    name: required,
    placement: everywhere,
    limit: iam("MalformedPolicyDocument", "CreatePolicy"),
    inUse: iam("DeleteConflict", "DeletePolicy"),
  },
  "aws:iam/rolePolicy:RolePolicy": {
    required,
    immutable: kept("rolePolicy"),
    reference: iam("NoSuchEntity", "PutRolePolicy"),
    name: required,
    placement: everywhere,
    limit: iam("MalformedPolicyDocument", "PutRolePolicy"),
    inUse: none("an inline policy is its role's alone"),
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    required,
    immutable: kept("rolePolicyAttachment"),
    reference: iam("NoSuchEntity", "AttachRolePolicy"),
    name: none("it has no name: attaching a policy again changes nothing"),
    placement: everywhere,
    limit: quota,
    inUse: none("nothing names an attachment"),
  },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    required,
    immutable: kept("openIdConnectProvider"),
    reference: none("the issuer may be anybody's, and IAM asks it only when a token comes"),
    name: iam("EntityAlreadyExists", "CreateOpenIDConnectProvider"),
    placement: everywhere,
    limit: iam("InvalidInput", "CreateOpenIDConnectProvider"),
    inUse: none("IAM deletes a provider that roles still trust; taking these on fails from then on"),
  },
  "aws:iam/accessKey:AccessKey": {
    required,
    immutable: kept("accessKey"),
    reference: none("its user may be one that this sandbox does not hold: it has no users"),
    name: none("IAM gives a key its id"),
    placement: everywhere,
    limit: quota,
    inUse: none("a key goes whoever still signs with it"),
  },
};
