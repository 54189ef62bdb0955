/** What the sandbox's Google Cloud refuses of identities, roles and federation. */
import { accepted } from "../../support/gcp-accepted.ts";
import { connect, gcp, later, madeOf, set } from "../../support/gcp-cases.ts";
import { type Refused, type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const nobody = "serviceAccount:nobody@example-ai.iam.gserviceaccount.com";

/** What every grant has; `all` where it names everybody who has the role. */
const grants = (all = false): Refused[] => [
  later.missing("role"),
  later.fixed("role", "roles/browser"),
  later.reference(
    "somebody who does not exist",
    all ? { members: [nobody] } : { member: nobody },
    "Service account nobody@example-ai.iam.gserviceaccount.com does not exist",
    "badRequest",
  ),
  later.reference(
    "a role that does not exist",
    { role: "projects/example-ai/roles/nothing" },
    "Role projects/example-ai/roles/nothing does not exist",
    "badRequest",
  ),
  later.limit("a role without its form", { role: "viewer" }, "Role viewer is not valid"),
  later.limit(
    "a basic role with a condition",
    {
      role: "roles/viewer",
      condition: { title: "soon", expression: 'request.time < timestamp("2027-01-01T00:00:00Z")' },
    },
    "Basic roles can't have conditions",
  ),
];

const deletedBefore = (type: string, says: string): Refused => ({
  kind: "name",
  when: "a name of one that was deleted",
  first: async ({ make, provider }, inputs) => {
    const { id, properties } = await make(gcp(type), inputs);
    await provider.remove(gcp(type), id, properties);
  },
  code: "alreadyExists",
  says,
});

const refused: RefusedTypes = {
  [gcp("serviceaccount/account:Account")]: [
    later.mistyped("displayName", ["Gateway"]),
    later.fixed("accountId", "gateway-2"),
    later.name("accountId", "short", "at least 6"),
    later.limit("a long name to show", { displayName: "a".repeat(101) }, "at most 100 are allowed"),
    {
      kind: "name",
      when: "a name that another one has",
      first: ({ make }, inputs) => make(gcp("serviceaccount/account:Account"), inputs, "other"),
      code: "alreadyExists",
      says: "The resource 'gateway' already exists",
    },
    {
      kind: "limit",
      when: "the hundred-and-first of a project",
      first: async ({ make }) => {
        for (let number = 100; number < 200; number++) {
          await make(gcp("serviceaccount/account:Account"), { accountId: `machine-${number}` }, `machine-${number}`);
        }
      },
      code: "RESOURCE_EXHAUSTED",
      says: "limit 100, in use 100, asked for 1",
    },
  ],
  [gcp("serviceaccount/iAMMember:IAMMember")]: [
    ...grants(),
    later.reference("an account that there is not", { serviceAccountId: "nowhere" }, "'nowhere' was not found"),
  ],
  [gcp("serviceaccount/iAMBinding:IAMBinding")]: [
    ...grants(true),
    later.limit("a member without its kind", { members: ["machines"] }, 'Invalid member "machines"'),
  ],
  [gcp("serviceaccount/key:Key")]: [
    later.missing("serviceAccountId"),
    later.fixed("keepers", { month: "2026-11" }),
    later.reference("an account that there is not", { serviceAccountId: "nowhere" }, "'nowhere' was not found"),
    later.limit("an algorithm that there is not", { keyAlgorithm: "KEY_ALG_ED25519" }, "KEY_ALG_RSA_2048"),
    {
      kind: "limit",
      when: "keys in a project whose organisation forbids them",
      first: (bench) => madeOf(bench, "orgpolicy/policy:Policy"),
      code: "failedPrecondition",
      says: "Key creation is not allowed on this service account",
    },
    {
      kind: "limit",
      when: "an eleventh key",
      first: async ({ make }, inputs) => {
        for (let number = 0; number < 10; number++) await make(gcp("serviceaccount/key:Key"), inputs, `key-${number}`);
      },
      code: "failedPrecondition",
      says: "at most 10 keys",
    },
  ],
  [gcp("projects/iAMMember:IAMMember")]: [
    ...grants(),
    later.missing("project"),
    later.reference(
      "somebody of a pool that there is not",
      { member: "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/none/subject/a" },
      "Identity Pool does not exist (none)",
      "badRequest",
    ),
  ],
  [gcp("projects/iAMCustomRole:IAMCustomRole")]: [
    later.missing("permissions"),
    later.fixed("roleId", "otherModels"),
    later.name("roleId", "prompt-models", "letters, digits"),
    later.limit("all permissions of a service", { permissions: ["aiplatform.*"] }, "aiplatform.* is not valid"),
    later.limit("a stage that there is not", { stage: "STABLE" }, "'STABLE' is none of"),
  ],
  [gcp("projects/iAMAuditConfig:IAMAuditConfig")]: [
    later.missing("auditLogConfigs"),
    later.fixed("service", "storage.googleapis.com"),
    later.limit("a log that there is not", { auditLogConfigs: [{ logType: "READ" }] }, "DATA_READ"),
    later.limit("a service by its title", { service: "Vertex AI" }, "is not one that can be audited"),
  ],
  [gcp("projects/service:Service")]: [
    later.missing("service"),
    later.fixed("service", "iam.googleapis.com"),
    {
      kind: "reference",
      when: "a service by its short name",
      change: set({ service: "sts" }),
      code: "SERVICE_CONFIG_NOT_FOUND_OR_PERMISSION_DENIED",
      says: "Not found or permission denied for service(s): sts",
    },
  ],
  [gcp("iam/workloadIdentityPool:WorkloadIdentityPool")]: [
    later.missing("workloadIdentityPoolId"),
    later.fixed("workloadIdentityPoolId", "others"),
    later.fixed("mode", "TRUST_DOMAIN"),
    later.name("workloadIdentityPoolId", "gcp-mine", "not beginning with gcp-"),
    later.limit("a long name to show", { displayName: "a".repeat(33) }, "at most 32 are allowed"),
    deletedBefore("iam/workloadIdentityPool:WorkloadIdentityPool", "'gateways' was deleted less than 30 days ago"),
  ],
  [gcp("iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider")]: [
    later.missing("workloadIdentityPoolProviderId"),
    later.missing("attributeMapping"),
    later.fixed("workloadIdentityPoolProviderId", "others"),
    later.reference("a pool that there is not", { workloadIdentityPoolId: "nowhere" }, "'nowhere' was not found"),
    later.limit("an issuer without encryption", { oidc: { issuerUri: "http://issuer" } }, "must be an https:// URL"),
    {
      kind: "required",
      when: "nobody who vouches",
      change: ({ oidc: _, ...inputs }) => inputs,
      code: "badRequest",
      says: "exactly one of aws, oidc, saml and x509",
    },
    deletedBefore("iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider", "'gateways/kubernetes' was deleted"),
  ],
};

testRefused({ package: "gcp", accepted, refused, connect });
