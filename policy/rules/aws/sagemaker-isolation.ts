import { demand, demanding } from "../../demand/index.ts";
import { atLeast, is } from "../../demand/want.ts";

export const sagemakerIsolation = demanding(
  {
    name: "sagemaker-isolation",
    description:
      "A model that SageMaker serves reaches no network of its own accord, and runs on at least two instances.",
    severity: "medium",
    tags: ["network", "aws"],
    references: ["FSBP SageMaker.4", "FSBP SageMaker.5", "CKV_AWS_370"],
    remediationSteps:
      "Set enableNetworkIsolation to true, and initialInstanceCount of each production variant to 2 or more.",
  },
  [
    demand("aws:sagemaker/model:Model", "enableNetworkIsolation", is(true), "set it to true"),
    demand(
      "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
      "productionVariants[].initialInstanceCount",
      atLeast(2),
      "set it to 2 or more",
    ),
  ],
);
