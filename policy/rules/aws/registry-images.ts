import { demand, demanding } from "../../demand/index.ts";
import { is, oneOf, type Want } from "../../demand/want.ts";
import { at } from "../../graph.ts";

const repository = "aws:ecr/repository:Repository";

const ownKey: Want = {
  text: "a list whose encryptionType is KMS or KMS_DSSE",
  accepts: (found) =>
    Array.isArray(found) &&
    found.length > 0 &&
    found.every((one) => ["KMS", "KMS_DSSE"].includes(String(at(one, "encryptionType")))),
  good: [{ encryptionType: "KMS" }],
  bad: [[], [{ encryptionType: "AES256" }]],
};

export const registryImages = demanding(
  {
    name: "registry-images",
    description:
      "An ECR repository keeps its tags as they are, scans what is pushed, and encrypts with a key of one's own.",
    severity: "high",
    tags: ["supply-chain", "aws"],
    references: ["FSBP ECR.1", "FSBP ECR.2", "CKV_AWS_51", "CKV_AWS_163", "CKV_AWS_136"],
    remediationSteps:
      "Set imageTagMutability to IMMUTABLE, imageScanningConfiguration.scanOnPush to true, and encryptionConfigurations to KMS.",
  },
  [
    demand(repository, "imageTagMutability", oneOf("IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"), "set it to IMMUTABLE"),
    demand(repository, "imageScanningConfiguration.scanOnPush", is(true), "set it to true"),
    demand(repository, "encryptionConfigurations", ownKey, "encrypt with a KMS key of this stack"),
  ],
);
