/** What the tests of GCP components share: a location, and what GCP would add to a resource's inputs. */
import { planSubnets } from "../../components/plan/addresses.ts";
import type { Location } from "../../components/plan/types.ts";
import type { CloudOutputs } from "./mocks.ts";

export const gcpLocation: Location = {
  name: "gcp-main",
  cloud: "gcp",
  account: "example-ai",
  projectNumber: "123456789012",
  accessPolicy: "987654321",
  region: "europe-west4",
  zones: ["a", "b", "c"],
  cidr: "10.40.0.0/16",
  geography: "eu",
  metro: "groningen",
};

export const gcpSubnets = planSubnets(gcpLocation.cidr, gcpLocation.zones);

export const tags = { costCentre: "Team/42" };

const project = "projects/example-ai";
const region = `${project}/regions/europe-west4`;
const place = `${project}/locations/europe-west4`;

/** Ids as GCP writes them, from the logical names. */
export const gcpOutputs: CloudOutputs = {
  "gcp:compute/network:Network": ({ name }) => ({
    id: `${project}/global/networks/${name}`,
    selfLink: `https://www.googleapis.com/compute/v1/${project}/global/networks/${name}`,
    name,
  }),
  "gcp:compute/subnetwork:Subnetwork": ({ name }) => ({ id: `${region}/subnetworks/${name}`, name }),
  "gcp:compute/router:Router": ({ name }) => ({ id: `${region}/routers/${name}`, name }),
  "gcp:compute/address:Address": ({ name, inputs }) => ({
    id: `${region}/addresses/${name}`,
    selfLink: `https://www.googleapis.com/compute/v1/${region}/addresses/${name}`,
    address: inputs.addressType === "INTERNAL" ? "10.40.64.2" : `203.0.113.${name.at(-1) === "2" ? 2 : 1}`,
  }),
  "gcp:dns/managedZone:ManagedZone": ({ name }) => ({
    id: `${project}/managedZones/${name}`,
    name,
    nameServers: ["ns1.example.net."],
  }),
  "gcp:logging/projectBucketConfig:ProjectBucketConfig": ({ inputs }) => ({
    id: `${place}/buckets/${inputs.bucketId}`,
  }),
  "gcp:kms/keyRing:KeyRing": ({ name }) => ({ id: `${place}/keyRings/${name}` }),
  "gcp:kms/cryptoKey:CryptoKey": ({ name, inputs }) => ({ id: `${inputs.keyRing}/cryptoKeys/${name}` }),
  "gcp:serviceaccount/account:Account": ({ inputs }) => ({
    email: `${inputs.accountId}@example-ai.iam.gserviceaccount.com`,
  }),
  "gcp:container/cluster:Cluster": ({ name }) => ({
    id: `${place}/clusters/${name}`,
    name,
    endpoint: "203.0.113.9",
    masterAuth: { clientCertificateConfig: { issueClientCertificate: false }, clusterCaCertificate: "Q0E=" },
  }),
  "gcp:artifactregistry/repository:Repository": ({ inputs }) => ({
    id: `${place}/repositories/${inputs.repositoryId}`,
  }),
  "gcp:iam/workloadIdentityPool:WorkloadIdentityPool": ({ inputs }) => ({
    name: `projects/123456789012/locations/global/workloadIdentityPools/${inputs.workloadIdentityPoolId}`,
  }),
  "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider": ({ inputs }) => ({
    name: `projects/123456789012/locations/global/workloadIdentityPools/${inputs.workloadIdentityPoolId}/providers/${inputs.workloadIdentityPoolProviderId}`,
  }),
  "gcp:projects/iAMCustomRole:IAMCustomRole": ({ inputs }) => ({ name: `${project}/roles/${inputs.roleId}` }),
  "gcp:storage/bucket:Bucket": ({ name }) => ({ id: name, name }),
};

export const gcpCalls = {
  "gcp:storage/getProjectServiceAccount:getProjectServiceAccount": () => ({
    emailAddress: "service-123456789012@gs-project-accounts.iam.gserviceaccount.com",
  }),
};

export const gcpIssuer =
  "https://container.googleapis.com/v1/projects/example-ai/locations/europe-west4/clusters/gcp-main-1a2b3c4";
