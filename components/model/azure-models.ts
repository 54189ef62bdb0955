import type { ModelServiceArgs } from "./types.ts";

/** What one Azure OpenAI account can and can't deploy. Pure. */

type Models = ModelServiceArgs["models"];

/** https://learn.microsoft.com/azure/ai-services/cognitive-services-custom-subdomains */
const hostForm = /^([a-z0-9][a-z0-9-]{0,62}[a-z0-9])\.openai\.azure\.com$/;

/** The account's own part of its host. @throws Error when the host is not of Azure OpenAI's form */
export function subdomainOf(models: Models): string {
  const host = models[0]?.model.host ?? "";
  const [, subdomain] = hostForm.exec(host) ?? [];
  if (subdomain === undefined) throw new Error(hostProblem(host));
  return subdomain;
}

export function azureModelProblems(models: Models): string[] {
  if (models.length === 0) return ["no models: an account without a deployment serves nothing; leave it out"];
  return [...hostProblems(models), ...nameProblems(models), ...models.flatMap(modelProblems)];
}

function hostProblems(models: Models): string[] {
  const hosts = [...new Set(models.map(({ model }) => model.host))];
  if (hosts.length > 1) return [`the models name the hosts ${hosts.join(", ")}; one account has one: write the same`];
  return hosts.filter((host) => !hostForm.test(host)).map(hostProblem);
}

function hostProblem(host: string): string {
  return `host "${host}" is not an account's: write <name>.openai.azure.com with 2 to 64 lower-case letters, digits and hyphens`;
}

/** https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts/deployments */
const deploymentForm = /^[A-Za-z0-9][A-Za-z0-9_.-]+$/;
const deploymentLength = { least: 2, most: 64 } as const;

function nameProblems(models: Models): string[] {
  const ids = models.map(({ model }) => model.modelId);
  const twice = [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
  const illegal = ids.filter(
    (id) => !deploymentForm.test(id) || id.length < deploymentLength.least || id.length > deploymentLength.most,
  );
  return [
    ...twice.map((id) => `modelId "${id}" occurs ${ids.filter((other) => other === id).length} times: one a path`),
    ...illegal.map(
      (id) => `modelId "${id}" is no name of a deployment: 2 to 64 letters, digits, hyphens, dots and underscores`,
    ),
  ];
}

function modelProblems({ name, model }: Models[number]): string[] {
  const problems: string[] = [];
  if (model.publisher !== "OpenAI") {
    problems.push(`${name}: publisher is "${model.publisher}"; this account deploys OpenAI's models only`);
  }
  if (model.version === null) {
    problems.push(`${name}: version is missing; without one Azure changes the model when it likes: pin it`);
  }
  if (model.sku === null) {
    problems.push(`${name}: sku is missing; it decides where inference happens, e.g. DataZoneStandard: write it`);
  } else if (model.sku.includes("Provisioned")) {
    problems.push(
      `${name}: sku is ${model.sku}, sold in throughput units; capacity here is tokens a minute: take a Standard one`,
    );
  }
  const capacity = model.capacityThousandTokensPerMinute;
  if (!Number.isInteger(capacity) || capacity < 1) {
    problems.push(`${name}: capacityThousandTokensPerMinute is ${capacity}; Azure deploys whole thousands, at least 1`);
  }
  return problems;
}
