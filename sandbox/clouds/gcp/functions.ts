/** Provider functions of Google Cloud. */
import type { CloudFunction } from "../../cloud.ts";
import { projectNumber, storageAgent } from "./project-numbers.ts";

const getClientConfig: CloudFunction = (_, { connection: { scope, region } }) => ({
  id: `projects/${scope}/regions/${region}/zones/`,
  project: scope,
  region,
  zone: "",
  accessToken: "sandbox-no-token",
  defaultLabels: {},
});

const getProject: CloudFunction = (args, { connection: { scope } }) => {
  const projectId = String(args.projectId ?? scope);
  return {
    id: `projects/${projectId}`,
    projectId,
    name: projectId,
    number: projectNumber(projectId),
    autoCreateNetwork: false,
    billingAccount: "",
    deletionPolicy: "PREVENT",
    folderId: "",
    orgId: "",
    labels: {},
    effectiveLabels: {},
    pulumiLabels: {},
    tags: {},
  };
};

/** Asking for Cloud Storage's service agent is what makes it exist. */
const getProjectServiceAccount: CloudFunction = (args, { connection: { scope } }) => {
  const project = String(args.project ?? scope);
  const emailAddress = storageAgent(project);
  return { id: emailAddress, project, emailAddress, member: `serviceAccount:${emailAddress}` };
};

export const gcpFunctions: Readonly<Record<string, CloudFunction>> = {
  "gcp:organizations/getClientConfig:getClientConfig": getClientConfig,
  "gcp:organizations/getProject:getProject": getProject,
  "gcp:storage/getProjectServiceAccount:getProjectServiceAccount": getProjectServiceAccount,
};
