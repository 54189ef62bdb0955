import { unknown } from "./graph.ts";

/** What a stored credential looks like. */

/** Settings of the clouds' providers that hold a credential instead of asking the environment for one. */
export const providerKeys: readonly string[] = [
  "accessKey",
  "secretKey",
  "token",
  "clientSecret",
  "clientCertificatePassword",
  "credentials",
  "accessToken",
];

const keyVariables =
  /^(AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|AWS_BEARER_TOKEN_BEDROCK|AZURE_CLIENT_SECRET|AZURE_OPENAI_AD_TOKEN|HF_TOKEN|HUGGING_FACE_HUB_TOKEN|[A-Z0-9_]*API_KEY)$/;

/** Whether an environment variable of that name holds a static credential. */
export function isKeyVariable(name: unknown): name is string {
  return typeof name === "string" && keyVariables.test(name);
}

const keyNames =
  /(secret[_-]?access[_-]?key|access[_-]?key[_-]?id|client[_-]?secret|api[_-]?key|service[_-]?account.*\.json|credentials(\.json)?$)/i;

/** Forms of the clouds' and vendors' keys. */
const keyTexts = [
  /\bA(KIA|SIA)[A-Z0-9]{16}\b/,
  /"type"\s*:\s*"service_account"/,
  /"private_key"\s*:/,
  /\bsk-[A-Za-z0-9_-]{20,}/,
  /\bAIza[A-Za-z0-9_-]{35}\b/,
];

/** Whether an entry of a Secret looks like a credential for a cloud or a model vendor. */
export function isKeyEntry(name: string, value: unknown): boolean {
  if (keyNames.test(name)) return value !== "" && value !== undefined;
  if (value === unknown || typeof value !== "string") return false;
  return [value, Buffer.from(value, "base64").toString("utf8")].some((text) =>
    keyTexts.some((pattern) => pattern.test(text)),
  );
}
