/**
 * Keeps one Secret of the gateway filled with a short-lived bearer token.
 *
 * Mode `entra`: exchanges the pod's projected token for an Entra token (client assertion), for Azure's models.
 * Mode `forward`: takes the projected token as it is, for another gateway that trusts this cluster's issuer.
 *
 * No dependencies: it runs in the plain Node image, mounted from a ConfigMap.
 */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

/** Seconds before the end of a token's life at which it counts as lost. */
const MARGIN_SECONDS = 120;
const LONGEST_PAUSE_SECONDS = 60;
/** A cloud or API server that does not answer within this counts as failed, milliseconds. */
const CALL_TIMEOUT_MS = 15_000;
/** Without a first token after so many seconds the process gives up, so that the cluster shows it. */
const FIRST_TOKEN_SECONDS = 300;

/**
 * Reads the settings from the environment.
 * @throws Error naming every variable that is missing or wrong.
 */
export function settingsFrom(env) {
  const problems = [];
  const need = (name) => {
    if (!env[name]) problems.push(`${name} is not set`);
    return env[name] ?? "";
  };
  const mode = need("MODE");
  if (mode !== "" && mode !== "entra" && mode !== "forward")
    problems.push(`MODE is "${mode}"; allowed: entra, forward`);
  const settings = {
    mode,
    tokenFile: need("TOKEN_FILE"),
    namespace: need("NAMESPACE"),
    secretName: need("SECRET_NAME"),
    apiServer: need("API_SERVER"),
    apiTokenFile: need("API_TOKEN_FILE"),
    port: Number(env.PORT ?? "8080"),
    entra:
      mode === "entra"
        ? {
            authority: need("ENTRA_AUTHORITY"),
            tenant: need("ENTRA_TENANT"),
            clientId: need("ENTRA_CLIENT_ID"),
            scope: need("ENTRA_SCOPE"),
          }
        : null,
  };
  if (problems.length > 0) throw new Error(`token refresher: ${problems.join("; ")}`);
  return settings;
}

/** Fetches a token: `{ token, expiresAt }`, the latter in seconds since 1970. */
export async function fetchToken(settings, now) {
  const own = (await readFile(settings.tokenFile, "utf8")).trim();
  if (settings.entra === null) return { token: own, expiresAt: expiryOf(own) };
  const { authority, tenant, clientId, scope } = settings.entra;
  const response = await fetch(`${authority}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId,
      scope,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: own,
    }),
    signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    // Entra's answer names the reason (AADSTS…); it never repeats the assertion.
    throw new Error(
      `Entra answered ${response.status}: ${answer.error_description ?? answer.error ?? "no reason given"}`,
    );
  }
  if (typeof answer.access_token !== "string" || !(answer.expires_in > 0))
    throw new Error("Entra's answer holds no token with a lifetime");
  return { token: answer.access_token, expiresAt: now + answer.expires_in };
}

/** `exp` of a JWT, seconds since 1970. It is read, not verified: the receiver verifies. */
export function expiryOf(token) {
  try {
    const { exp } = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString("utf8"));
    if (Number.isFinite(exp)) return exp;
  } catch {
    // Falls through to the one message that says what is wrong.
  }
  throw new Error("the projected token is no JWT with an expiry");
}

/** Writes the token into the Secret, and beside it when it was written and until when it holds. */
export async function writeSecret(settings, { token, expiresAt }, now) {
  const apiToken = (await readFile(settings.apiTokenFile, "utf8")).trim();
  const { apiServer, namespace, secretName } = settings;
  const response = await fetch(`${apiServer}/api/v1/namespaces/${namespace}/secrets/${secretName}`, {
    method: "PATCH",
    headers: { authorization: `Bearer ${apiToken}`, "content-type": "application/merge-patch+json" },
    body: JSON.stringify({
      metadata: { annotations: { "twocloud/refreshed-at": iso(now), "twocloud/expires-at": iso(expiresAt) } },
      data: { apiKey: Buffer.from(token, "utf8").toString("base64") },
    }),
    signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
  });
  if (response.ok) return;
  const answer = await response.json().catch(() => ({}));
  throw new Error(
    `the API server answered ${response.status} to the patch of Secret ${namespace}/${secretName}: ${answer.message ?? "no reason given"}`,
  );
}

/** One refresher: its state is what the probe and the metrics show. */
export class Refresher {
  #settings;
  #started;
  #written = null;
  #failures = 0;
  lastSuccess = null;
  expiresAt = null;

  constructor(settings, now) {
    this.#settings = settings;
    this.#started = now;
  }

  /**
   * One round. Answers how many seconds to wait before the next.
   * @throws Error when the last token is as good as over, or none was ever had: the process should end.
   */
  async round(now) {
    try {
      const fetched = await fetchToken(this.#settings, now);
      if (fetched.expiresAt <= now + MARGIN_SECONDS && this.#settings.mode === "forward")
        throw new Error("the projected token is about to expire");
      if (fetched.token !== this.#written) await writeSecret(this.#settings, fetched, now);
      this.#written = fetched.token;
      this.#failures = 0;
      this.lastSuccess = now;
      this.expiresAt = fetched.expiresAt;
      return this.#pause(now);
    } catch (error) {
      this.#failures += 1;
      if (this.lost(now)) throw error;
      console.error(
        JSON.stringify({ level: "error", attempt: this.#failures, message: String(error.message ?? error) }),
      );
      return Math.min(2 ** (this.#failures - 1), LONGEST_PAUSE_SECONDS);
    }
  }

  /** True once the gateway has no usable token left to send. */
  lost(now) {
    if (this.expiresAt === null) return now >= this.#started + FIRST_TOKEN_SECONDS;
    return now >= this.expiresAt - MARGIN_SECONDS;
  }

  /** The kubelet decides when a projected token is new, so that one is looked at often; Entra's at half its life. */
  #pause(now) {
    if (this.#settings.mode === "forward") return LONGEST_PAUSE_SECONDS / 2;
    return Math.max(1, Math.floor((this.expiresAt - now) / 2));
  }

  /** Prometheus text: alert on the age, and on what is left. */
  metrics(now) {
    const age = this.lastSuccess === null ? now - this.#started : now - this.lastSuccess;
    const left = this.expiresAt === null ? 0 : Math.max(0, this.expiresAt - now);
    const label = `{secret="${this.#settings.secretName}"}`;
    return [
      "# TYPE twocloud_token_age_seconds gauge",
      `twocloud_token_age_seconds${label} ${Math.round(age)}`,
      "# TYPE twocloud_token_seconds_left gauge",
      `twocloud_token_seconds_left${label} ${Math.round(left)}`,
      "",
    ].join("\n");
  }
}

/** Serves `/healthz` (503 once the token is lost, or none was had yet) and `/metrics`. */
export function serve(refresher, port, clock = seconds) {
  const server = createServer((request, response) => {
    if (request.url === "/metrics") return response.end(refresher.metrics(clock()));
    const healthy = refresher.lastSuccess !== null && !refresher.lost(clock());
    response.statusCode = healthy ? 200 : 503;
    response.end(healthy ? "ok\n" : "no usable token\n");
  });
  return new Promise((resolve, reject) => server.once("error", reject).listen(port, () => resolve(server)));
}

/** Runs until the token is lost. @throws Error then */
export async function run(env) {
  const settings = settingsFrom(env);
  const refresher = new Refresher(settings, seconds());
  await serve(refresher, settings.port);
  for (;;) {
    const pause = await refresher.round(seconds());
    await new Promise((resolve) => setTimeout(resolve, pause * 1000));
  }
}

function seconds() {
  return Date.now() / 1000;
}

function iso(secondsSince1970) {
  return new Date(secondsSince1970 * 1000).toISOString();
}
