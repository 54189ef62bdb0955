/** Identities, roles and fences that Google Cloud accepts, each with what it refers to. */
import { gcp, madeOf } from "./gcp-cases.ts";
import { account, member } from "./gcp-things.ts";
import type { Accepted, Bench } from "./sandbox-refusals.ts";

const GATEWAY = "system:serviceaccount:gateway:gateway";

const policy = ({ round }: Bench) => `accessPolicies/${1000 + round}`;

export const acceptedIdentity: Accepted = {
  [gcp("serviceaccount/account:Account")]: () => ({ accountId: "gateway", displayName: "Gateway" }),
  [gcp("serviceaccount/iAMMember:IAMMember")]: async (bench) => {
    const { id, properties } = await account(bench);
    return { serviceAccountId: id, role: "roles/iam.workloadIdentityUser", member: properties.member };
  },
  [gcp("serviceaccount/iAMBinding:IAMBinding")]: async (bench) => {
    const { id, properties } = await account(bench);
    return { serviceAccountId: id, role: "roles/iam.workloadIdentityUser", members: [properties.member] };
  },
  [gcp("serviceaccount/key:Key")]: async (bench) => ({
    serviceAccountId: (await account(bench)).id,
    keyAlgorithm: "KEY_ALG_RSA_2048",
  }),
  [gcp("projects/iAMMember:IAMMember")]: async (bench) => ({ ...(await member(bench)), project: bench.account }),
  [gcp("projects/iAMCustomRole:IAMCustomRole")]: () => ({
    roleId: "promptModels",
    title: "Prompt models",
    permissions: ["aiplatform.endpoints.predict"],
  }),
  [gcp("projects/iAMAuditConfig:IAMAuditConfig")]: ({ account: project }) => ({
    project,
    service: "aiplatform.googleapis.com",
    auditLogConfigs: [{ logType: "DATA_READ" }],
  }),
  [gcp("projects/service:Service")]: ({ account: project }) => ({ project, service: "sts.googleapis.com" }),
  [gcp("iam/workloadIdentityPool:WorkloadIdentityPool")]: () => ({
    workloadIdentityPoolId: "gateways",
    displayName: "Gateways",
    mode: "FEDERATION_ONLY",
  }),
  [gcp("iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider")]: async (bench) => {
    const pool = await madeOf(bench, "iam/workloadIdentityPool:WorkloadIdentityPool");
    return {
      workloadIdentityPoolId: pool.properties.workloadIdentityPoolId,
      workloadIdentityPoolProviderId: "kubernetes",
      attributeMapping: { "google.subject": "assertion.sub" },
      attributeCondition: `assertion.sub == "${GATEWAY}"`,
      oidc: { issuerUri: "https://issuer.example.com", allowedAudiences: ["models"] },
    };
  },
  [gcp("accesscontextmanager/accessLevel:AccessLevel")]: (bench) => ({
    parent: policy(bench),
    name: `${policy(bench)}/accessLevels/gateways`,
    title: "gateways",
    basic: { conditions: [{ ipSubnetworks: ["203.0.113.7/32"] }] },
  }),
  [gcp("accesscontextmanager/servicePerimeter:ServicePerimeter")]: (bench) => ({
    parent: policy(bench),
    name: `${policy(bench)}/servicePerimeters/models`,
    title: "models",
    status: { resources: [`projects/${bench.round}`], restrictedServices: ["aiplatform.googleapis.com"] },
  }),
  [gcp("accesscontextmanager/servicePerimeterIngressPolicy:ServicePerimeterIngressPolicy")]: async (bench) => {
    const level = await madeOf(bench, "accesscontextmanager/accessLevel:AccessLevel");
    const perimeter = await madeOf(bench, "accesscontextmanager/servicePerimeter:ServicePerimeter");
    return {
      perimeter: perimeter.id,
      title: "gateways",
      ingressFrom: { identityType: "ANY_IDENTITY", sources: [{ accessLevel: level.id }] },
      ingressTo: { resources: ["*"], operations: [{ serviceName: "*" }] },
    };
  },
  [gcp("orgpolicy/policy:Policy")]: ({ account: project }) => ({
    parent: `projects/${project}`,
    name: `projects/${project}/policies/iam.disableServiceAccountKeyCreation`,
    spec: { rules: [{ enforce: "TRUE" }] },
  }),
};
