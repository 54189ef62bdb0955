/** Identities of other clouds. https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, isUnknown, knownString, type Properties } from "../../values.ts";
import { answer, oneOf, wrong } from "./answers.ts";
import { alone, gcpType, projectOf, ref } from "./common.ts";
import { projectNumber } from "./project-numbers.ts";

const POOL = "gcp:iam/workloadIdentityPool:WorkloadIdentityPool";

const poolId = {
  pattern: /^(?!gcp-)[a-z0-9-]+$/,
  allowed: "lowercase letters, digits and hyphens, not beginning with gcp-",
  minLength: 4,
  maxLength: 32,
  source: "https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools/create",
};

const numbered = (inputs: Properties, context: Context) =>
  `projects/${projectNumber(projectOf(inputs, context))}/locations/global/workloadIdentityPools/${inputs.workloadIdentityPoolId}`;

/** What is deleted can be had back for about thirty days, and keeps its id as long; the provider does not undelete it. */
const kept = (command: string) => ({
  days: 30,
  refusal: (name: string) =>
    answer("alreadyExists", `Requested entity already exists: '${name}' was deleted less than 30 days ago`),
  fix: `Take another id, or undelete it (gcloud iam workload-identity-pools ${command}) and import it`,
});

const pool = gcpType({
  token: POOL,
  id: (inputs, context) =>
    `projects/${projectOf(inputs, context)}/locations/global/workloadIdentityPools/${inputs.workloadIdentityPoolId}`,
  name: { property: "workloadIdentityPoolId", ...poolId },
  unique: [alone(["workloadIdentityPoolId"], "scope")],
  keepsName: kept("undelete"),
  replaceOn: ["workloadIdentityPoolId"],
  check: (inputs) => [...textProblems(inputs), ...oneOf("mode", inputs.mode, modes, "badRequest")],
  refuse: modeRefusals,
  outputs: (inputs, context) => ({ name: numbered(inputs, context), state: "ACTIVE" }),
  handles: ({ workloadIdentityPoolId }) => [{ by: "pool", value: String(workloadIdentityPoolId) }],
});

const modes = ["FEDERATION_ONLY", "TRUST_DOMAIN", "SYSTEM_TRUST_DOMAIN"];
const longest = { displayName: 32, description: 256 };

function textProblems(inputs: Properties): Problem[] {
  return Object.entries(longest).flatMap(([key, most]) => {
    const length = knownString(inputs[key])?.length ?? 0;
    if (length <= most) return [];
    return [
      wrong(key, "badRequest", `${key} has ${length} characters; at most ${most} are allowed`, { fix: "Shorten it" }),
    ];
  });
}

/** The provider tries it, and the API refuses. */
function modeRefusals({ mode }: Properties, { before }: Context): Problem[] {
  if (before === undefined || mode === before.mode) return [];
  const fix = "Keep it, or make another pool";
  return [wrong("mode", "badRequest", "Attempted to update an immutable field.", { kind: "immutable", fix })];
}

const provider = gcpType({
  token: "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider",
  id: (inputs, context) =>
    `projects/${projectOf(inputs, context)}/locations/global/workloadIdentityPools/${inputs.workloadIdentityPoolId}/providers/${inputs.workloadIdentityPoolProviderId}`,
  name: { property: "workloadIdentityPoolProviderId", ...poolId },
  unique: [alone(["workloadIdentityPoolId", "workloadIdentityPoolProviderId"], "scope")],
  keepsName: kept("providers undelete"),
  replaceOn: ["workloadIdentityPoolId", "workloadIdentityPoolProviderId"],
  references: [ref("workloadIdentityPoolId", POOL, { by: "pool" })],
  check: (inputs) => [
    ...kindProblems(inputs),
    ...textProblems(inputs),
    ...mappingProblems(inputs),
    ...oidcProblems(inputs),
  ],
  outputs: (inputs, context) => ({
    name: `${numbered(inputs, context)}/providers/${inputs.workloadIdentityPoolProviderId}`,
    state: "ACTIVE",
  }),
});

function kindProblems(inputs: Properties): Problem[] {
  const given = ["aws", "oidc", "saml", "x509"].filter((kind) => inputs[kind] !== undefined);
  if (given.length === 1) return [];
  const text = `exactly one of aws, oidc, saml and x509 must be given; ${given.join(", ") || "none"} is`;
  return [wrong("oidc", "badRequest", text, { kind: "required", fix: "Say who vouches for the callers" })];
}

function mappingProblems({ oidc, attributeMapping, attributeCondition }: Properties): Problem[] {
  const problems: Problem[] = [];
  const mapping = asObject(attributeMapping);
  if (oidc !== undefined && !isUnknown(attributeMapping) && mapping["google.subject"] === undefined) {
    const text = 'The attribute mapping must define "google.subject"';
    const fix = 'Write { "google.subject": "assertion.sub" }';
    problems.push(wrong("attributeMapping", "badRequest", text, { kind: "required", fix }));
  }
  const length = knownString(attributeCondition)?.length ?? 0;
  if (length > 4096) {
    const text = `the condition has ${length} characters; at most 4096 are allowed`;
    problems.push(wrong("attributeCondition", "badRequest", text, { fix: "Shorten it" }));
  }
  return problems;
}

function oidcProblems(inputs: Properties): Problem[] {
  const { issuerUri, allowedAudiences } = asObject(inputs.oidc);
  const issuer = knownString(issuerUri);
  const audiences = asList(allowedAudiences).length;
  const problems: Problem[] = [];
  if (issuer !== undefined && !issuer.startsWith("https://")) {
    const text = `issuer_uri ${issuer} must be an https:// URL`;
    problems.push(wrong("oidc.issuerUri", "badRequest", text, { fix: "Write the issuer as its tokens name it" }));
  }
  if (audiences > 10) {
    const text = `${audiences} audiences are given; at most 10 are allowed`;
    problems.push(wrong("oidc.allowedAudiences", "badRequest", text));
  }
  return problems;
}

export const federationTypes: readonly ResourceType[] = [pool, provider];
