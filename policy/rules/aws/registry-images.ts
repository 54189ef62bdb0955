import { demand, demanding } from "../../demand/index.ts";
import { given, is, oneOf } from "../../demand/want.ts";

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
    demand(
      "aws:ecr/repository:Repository",
      "imageTagMutability",
      oneOf("IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"),
      "set it to IMMUTABLE",
    ),
    demand("aws:ecr/repository:Repository", "imageScanningConfiguration.scanOnPush", is(true), "set it to true"),
    demand("aws:ecr/repository:Repository", "encryptionConfigurations", given, "encrypt with a KMS key of this stack"),
    demand(
      "aws:ecr/repository:Repository",
      "encryptionConfigurations[].encryptionType",
      oneOf("KMS", "KMS_DSSE"),
      "set it to KMS",
    ),
  ],
);
