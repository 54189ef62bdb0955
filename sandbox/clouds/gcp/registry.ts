/** Artifact Registry. https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { knownString, type Properties, valuesAt } from "../../values.ts";
import { oneOf, wrong } from "./answers.ts";
import { alone, gcpType, inLocation, locationIn, ref } from "./common.ts";
import { iamType } from "./iam.ts";
import { KEY } from "./keys.ts";
import type { Offer } from "./places.ts";

const REPOSITORY = "gcp:artifactregistry/repository:Repository";
const KEYS_PAGE = "https://cloud.google.com/artifact-registry/docs/cmek";

const offer: Offer = {
  also: ["asia", "europe", "us"],
  source: "https://cloud.google.com/artifact-registry/docs/repositories/repo-locations",
};

const repository = gcpType({
  token: REPOSITORY,
  api: "artifactregistry",
  place: "location",
  offer,
  labelled: true,
  id: inLocation("repositories", "repositoryId"),
  name: {
    property: "repositoryId",
    pattern: /^[a-z]([a-z0-9-]*[a-z0-9])?$/,
    allowed: "lowercase letters, digits and hyphens, beginning with a letter",
    maxLength: 63,
    source: "https://cloud.google.com/artifact-registry/docs/repositories/create-repos",
  },
  unique: [alone(["repositoryId"], "region")],
  defaults: { mode: "STANDARD_REPOSITORY" },
  replaceOn: [
    "repositoryId",
    "format",
    "kmsKeyName",
    "mavenConfig.allowSnapshotOverwrites",
    "mavenConfig.versionPolicy",
    "mode",
    "remoteRepositoryConfig",
  ],
  references: [ref("kmsKeyName", KEY)],
  check: (inputs) => [...formatProblems(inputs), ...modeProblems(inputs), ...cleanupProblems(inputs)],
  refuse: keyRefusals,
  outputs: (inputs, context) => ({
    name: inputs.repositoryId,
    createTime: context.createdAt,
    updateTime: context.createdAt,
    registryUri: `${inputs.location ?? context.placement.region}-docker.pkg.dev/${inputs.project ?? context.placement.scope}/${inputs.repositoryId}`,
  }),
});

/** https://cloud.google.com/artifact-registry/docs/supported-formats */
const formats = ["APT", "DOCKER", "GENERIC", "GO", "GOOGET", "KFP", "MAVEN", "NPM", "PYTHON", "RUBY", "YUM"];

function formatProblems({ format, dockerConfig, mavenConfig }: Properties): Problem[] {
  const settings = { DOCKER: ["dockerConfig", dockerConfig], MAVEN: ["mavenConfig", mavenConfig] } as const;
  const known = knownString(format);
  const foreign = Object.entries(settings).filter(
    ([own, [, value]]) => value !== undefined && known !== undefined && known !== own,
  );
  return [
    ...oneOf("format", format, formats, "badRequest"),
    ...foreign.map(([own, [key]]) =>
      wrong(key, "badRequest", `${key} is for repositories of format ${own}, not ${known}`, { fix: "Leave it out" }),
    ),
  ];
}

function modeProblems({
  mode,
  remoteRepositoryConfig: remote,
  virtualRepositoryConfig: virtual,
}: Properties): Problem[] {
  const modes = ["STANDARD_REPOSITORY", "VIRTUAL_REPOSITORY", "REMOTE_REPOSITORY"];
  const problems = oneOf("mode", mode, modes, "badRequest");
  if (mode === "REMOTE_REPOSITORY" && remote === undefined) {
    const text = "a REMOTE_REPOSITORY needs remoteRepositoryConfig";
    problems.push(wrong("remoteRepositoryConfig", "badRequest", text, { kind: "required" }));
  }
  if (mode === "STANDARD_REPOSITORY" && (remote !== undefined || virtual !== undefined)) {
    const key = remote === undefined ? "virtualRepositoryConfig" : "remoteRepositoryConfig";
    const text = `${key} is not for a STANDARD_REPOSITORY`;
    problems.push(wrong(key, "badRequest", text, { fix: "Choose the mode that it is for, or leave it out" }));
  }
  return problems;
}

/** https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy */
function cleanupProblems(inputs: Properties): Problem[] {
  return valuesAt(inputs, "cleanupPolicies[].condition.olderThan").flatMap(({ path, value }) => {
    const age = knownString(value);
    if (age === undefined || /^\d+(\.\d+)?[smhd]$/.test(age)) return [];
    return [wrong(path, "badRequest", `'${age}' is no duration`, { fix: "Write a number and s, m, h or d, as 30d" })];
  });
}

function keyRefusals({ kmsKeyName }: Properties, { placement: { region } }: Context): Problem[] {
  if (kmsKeyName === undefined || locationIn(kmsKeyName) === region) return [];
  const text = `Cloud KMS key ${kmsKeyName} is not in ${region}, where the repository is`;
  const more = { kind: "placement", fix: `Make key ring and key in ${region}`, source: KEYS_PAGE } as const;
  return [wrong("kmsKeyName", "badRequest", text, more)];
}

const repositoryMember = iamType({
  token: "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
  place: "location",
  offer,
  target: (inputs) => String(inputs.repository),
  targetInputs: ["repository"],
  references: [ref("repository", REPOSITORY)],
});

export const registryTypes: readonly ResourceType[] = [repository, repositoryMember];
