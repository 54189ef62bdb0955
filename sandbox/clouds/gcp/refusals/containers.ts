/** Clusters, their machines and their images. */
import type { RefusalRow } from "../../../cloud.ts";
import { grant, inRegions, later, none, says } from "./words.ts";

const GKE = "https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1";
const REGISTRY = "https://cloud.google.com/artifact-registry/docs/reference/rest/v1";
const REPOSITORY_PLACES = "https://cloud.google.com/artifact-registry/docs/repositories/repo-locations";
const gke = later(GKE);

export const containerRefusals: Readonly<Record<string, RefusalRow>> = {
  "gcp:container/cluster:Cluster": {
    ...gke("projects.locations.clusters/create", "container/cluster"),
    reference: says("notFound", `${GKE}/projects.locations.clusters`),
    name: says("badRequest", `${GKE}/projects.locations.clusters`),
    placement: inRegions,
    limit: says("badRequest", `${GKE}/projects.locations.clusters`),
    inUse: none("its pools and what runs on them go with it"),
  },
  "gcp:container/nodePool:NodePool": {
    ...gke("projects.locations.clusters.nodePools/create", "container/nodepool"),
    reference: says("notFound", `${GKE}/projects.locations.clusters.nodePools`),
    name: says("badRequest", `${GKE}/projects.locations.clusters.nodePools`),
    placement: says("badRequest", "https://cloud.google.com/compute/docs/gpus/gpu-regions-zones"),
    limit: says("badRequest", `${GKE}/projects.locations.clusters.nodePools`),
    inUse: none("its pods are moved or wait, which does not keep it"),
  },
  "gcp:artifactregistry/repository:Repository": {
    ...later(REGISTRY)("projects.locations.repositories/create", "artifactregistry/repository"),
    reference: says("notFound", "https://cloud.google.com/artifact-registry/docs/cmek"),
    name: says("badRequest", "https://cloud.google.com/artifact-registry/docs/repositories/create-repos"),
    placement: says("badRequest", REPOSITORY_PLACES),
    limit: says("badRequest", `${REGISTRY}/projects.locations.repositories`),
    inUse: none("the images in it go with it"),
  },
  "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": {
    ...grant(`${REGISTRY}/projects.locations.repositories/setIamPolicy`, "artifactregistry/repositoryiammember"),
    reference: says("notFound", `${REGISTRY}/projects.locations.repositories/setIamPolicy`),
    placement: says("badRequest", REPOSITORY_PLACES),
  },
};
