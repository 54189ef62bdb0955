/** Identities, what they may do, and what fences them in. */
import type { RefusalRow } from "../../../cloud.ts";
import { grant, later, none, says } from "./words.ts";

const IAM = "https://cloud.google.com/iam/docs/reference/rest/v1";
const PROJECTS = "https://cloud.google.com/resource-manager/reference/rest/v3/projects/setIamPolicy";
const AUDIT = "https://cloud.google.com/logging/docs/audit/configure-data-access";
const ACCESS = "https://cloud.google.com/access-context-manager/docs/reference/rest/v1";
const ORG_POLICY = "https://cloud.google.com/resource-manager/docs/reference/orgpolicy/rest/v2";
const SERVICES = "https://cloud.google.com/service-usage/docs/reference/rest/v1/services";

const isGlobal = none("identities are global");
const ofProject = none("it belongs to the project as a whole");
const ofOrganisation = none("it belongs to the organisation as a whole");
const standsAlone = none("it refers to nothing but its project");
const iam = later(IAM);
const access = later(ACCESS);

const onAccount = (provider: string): RefusalRow => ({
  ...grant(`${IAM}/projects.serviceAccounts/setIamPolicy`, provider),
  reference: says("notFound", `${IAM}/projects.serviceAccounts/setIamPolicy`),
  placement: isGlobal,
});

export const identityRefusals: Readonly<Record<string, RefusalRow>> = {
  "gcp:serviceaccount/account:Account": {
    ...iam("projects.serviceAccounts/create", "serviceaccount/account"),
    reference: standsAlone,
    name: says("badRequest", `${IAM}/projects.serviceAccounts/create`),
    placement: isGlobal,
    limit: says("badRequest", `${IAM}/projects.serviceAccounts`),
    inUse: none("grants to it stay behind, and who runs as it loses its rights"),
  },
  "gcp:serviceaccount/iAMMember:IAMMember": onAccount("serviceaccount/iammember"),
  "gcp:serviceaccount/iAMBinding:IAMBinding": onAccount("serviceaccount/iambinding"),
  "gcp:serviceaccount/key:Key": {
    ...iam("projects.serviceAccounts.keys/create", "serviceaccount/key"),
    reference: says("notFound", `${IAM}/projects.serviceAccounts.keys/create`),
    name: none("Google makes up its id"),
    placement: isGlobal,
    limit: says("failedPrecondition", "https://cloud.google.com/iam/quotas"),
    inUse: none("who signs in with it no longer can, which does not keep it"),
  },
  "gcp:projects/iAMMember:IAMMember": { ...grant(PROJECTS, "projects/iammember"), placement: ofProject },
  "gcp:projects/iAMCustomRole:IAMCustomRole": {
    ...iam("projects.roles/create", "projects/iamcustomrole"),
    reference: standsAlone,
    name: says("badRequest", "https://cloud.google.com/iam/docs/creating-custom-roles"),
    placement: ofProject,
    limit: says("badRequest", "https://cloud.google.com/iam/docs/creating-custom-roles"),
    inUse: none("grants of it stay behind and give nothing"),
  },
  "gcp:projects/iAMAuditConfig:IAMAuditConfig": {
    required: says("badRequest", AUDIT),
    immutable: says("badRequest", "https://www.pulumi.com/registry/packages/gcp/api-docs/projects/iamauditconfig/"),
    reference: standsAlone,
    name: none("it goes by the service that it is about"),
    placement: ofProject,
    limit: says("badRequest", AUDIT),
    inUse: none("nothing refers to it"),
  },
  "gcp:projects/service:Service": {
    ...later(SERVICES)("enable", "projects/service"),
    reference: says("forbidden", `${SERVICES}/enable`),
    name: none("it goes by the service's own name"),
    placement: none("an API is on in the whole project"),
    limit: none("any number of APIs can be on"),
    inUse: none("the provider leaves it on, unless disableOnDestroy says otherwise"),
  },
  "gcp:iam/workloadIdentityPool:WorkloadIdentityPool": {
    ...iam("projects.locations.workloadIdentityPools/create", "iam/workloadidentitypool"),
    reference: standsAlone,
    name: says("badRequest", `${IAM}/projects.locations.workloadIdentityPools/create`),
    placement: isGlobal,
    limit: says("badRequest", `${IAM}/projects.locations.workloadIdentityPools`),
    inUse: none("its providers go with it, and grants to its identities stay behind"),
  },
  "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider": {
    ...iam("projects.locations.workloadIdentityPools.providers/create", "iam/workloadidentitypoolprovider"),
    reference: says("notFound", `${IAM}/projects.locations.workloadIdentityPools.providers/create`),
    name: says("badRequest", `${IAM}/projects.locations.workloadIdentityPools.providers/create`),
    placement: isGlobal,
    limit: says("badRequest", `${IAM}/projects.locations.workloadIdentityPools.providers`),
    inUse: none("who signs in through it no longer can, which does not keep it"),
  },
  "gcp:accesscontextmanager/accessLevel:AccessLevel": {
    ...access("accessPolicies.accessLevels/create", "accesscontextmanager/accesslevel"),
    reference: none("the access policy that it lies in is the organisation's, and no program's"),
    name: says("badRequest", `${ACCESS}/accessPolicies.accessLevels`),
    placement: ofOrganisation,
    limit: says("badRequest", `${ACCESS}/accessPolicies.accessLevels`),
    inUse: says("badRequest", `${ACCESS}/accessPolicies.accessLevels/replaceAll`),
  },
  "gcp:accesscontextmanager/servicePerimeter:ServicePerimeter": {
    ...access("accessPolicies.servicePerimeters/create", "accesscontextmanager/serviceperimeter"),
    reference: says("notFound", `${ACCESS}/accessPolicies.servicePerimeters`),
    name: says("badRequest", `${ACCESS}/accessPolicies.servicePerimeters`),
    placement: ofOrganisation,
    limit: says("badRequest", "https://cloud.google.com/vpc-service-controls/docs/service-perimeters"),
    inUse: none("its rules go with it"),
  },
  "gcp:accesscontextmanager/servicePerimeterIngressPolicy:ServicePerimeterIngressPolicy": {
    ...access("accessPolicies.servicePerimeters/patch", "accesscontextmanager/serviceperimeteringresspolicy"),
    reference: says("notFound", `${ACCESS}/accessPolicies.servicePerimeters`),
    name: says("alreadyExists", `${ACCESS}/accessPolicies.servicePerimeters`),
    placement: ofOrganisation,
    limit: says("badRequest", "https://cloud.google.com/vpc-service-controls/docs/ingress-egress-rules"),
    inUse: none("nothing refers to a rule"),
  },
  "gcp:orgpolicy/policy:Policy": {
    ...later(ORG_POLICY)("projects.policies/create", "orgpolicy/policy"),
    reference: none("project, folder or organisation are no program's"),
    name: says("badRequest", `${ORG_POLICY}/projects.policies`),
    placement: none("it belongs to a project, folder or organisation as a whole"),
    limit: says("badRequest", `${ORG_POLICY}/projects.policies`),
    inUse: none("without it, what is set above it holds"),
  },
};
