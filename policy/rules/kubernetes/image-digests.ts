import { registryOf } from "../../clouds.ts";
import { demanding } from "../../demand/index.ts";
import { ofContainers } from "../../demand/pods.ts";
import { deferred, type Want } from "../../demand/want.ts";
import { at, unknown } from "../../graph.ts";

const pinned = deferred({
  text: "an image by digest (…@sha256:…) from a registry of one of the clouds",
  accepts: (found) =>
    typeof found === "string" && /@sha256:[0-9a-f]{64}$/.test(found) && registryOf(found).cloud !== undefined,
  good: `000000000003.dkr.ecr.eu-west-1.amazonaws.com/server@sha256:${"0".repeat(64)}`,
  bad: [
    "000000000003.dkr.ecr.eu-west-1.amazonaws.com/server:v1",
    `docker.io/vllm/vllm-openai@sha256:${"0".repeat(64)}`,
    "",
  ],
});

const texts = (found: unknown): readonly unknown[] =>
  Array.isArray(found) ? found : found === undefined ? [] : [found];

const safeArguments: Want = {
  text: "arguments without --trust-remote-code, and without a token or key",
  accepts: (found) =>
    found !== unknown &&
    texts(found).every(
      (one) =>
        typeof one !== "string" ||
        !(/^--trust-remote-code(=true)?$/i.test(one) || /^--(api-key|hf-token|token|password)(=|$)/i.test(one)),
    ),
  good: ["--port=8000"],
  bad: [["--trust-remote-code"], ["--api-key=abc"], ["--hf-token", "abc"]],
};

const noKeyInEnvironment: Want = {
  text: "variables, none of them a token or key in clear",
  accepts: (found) =>
    found !== unknown &&
    texts(found).every(
      (one) =>
        !/(TOKEN|SECRET|PASSWORD|API_?KEY)$/i.test(String(at(one, "name"))) ||
        at(one, "value") === undefined ||
        at(one, "value") === "",
    ),
  good: [{ name: "PORT", value: "8000" }],
  bad: [[{ name: "HF_TOKEN", value: "abc" }], [{ name: "OPENAI_API_KEY", value: "abc" }]],
};

export const imageDigests = demanding(
  {
    name: "image-digests",
    description:
      "Containers run images by digest out of registries of the clouds, load no code out of a model's repository, and carry no token in their arguments or variables.",
    severity: "high",
    tags: ["supply-chain", "kubernetes"],
    references: ["febd0533-8e55-448f-b837-bd0e06f16469", "021f8078-41a0-40e6-81b6-c6597da9f3ee"],
    remediationSteps:
      "Lock the image in stacks/images.yaml with its digest and pull it from the location's registry; mount weights instead of fetching them; leave --trust-remote-code out; let identities take the place of tokens.",
  },
  [
    ...ofContainers("image", pinned, "pull by digest from the location's registry"),
    ...ofContainers("args", safeArguments, "leave it out"),
    ...ofContainers("command", safeArguments, "leave it out"),
    ...ofContainers("env", noKeyInEnvironment, "use an identity, or a Secret that the program does not fill"),
  ],
);
