import fc from "fast-check";
import { expect, test } from "vitest";
import { sandboxEnvironment } from "../../sandbox/environment.ts";
import { assertOnlySandbox, providerUrns } from "../../sandbox/isolation.ts";

const place = { port: 4711, home: "/sandbox/home", backendDir: "/sandbox/state" };

const credentials = {
  AWS_ACCESS_KEY_ID: "poison",
  AWS_SECRET_ACCESS_KEY: "poison",
  AWS_SESSION_TOKEN: "poison",
  AWS_PROFILE: "poison",
  AWS_CONFIG_FILE: "poison",
  AWS_SHARED_CREDENTIALS_FILE: "poison",
  AWS_WEB_IDENTITY_TOKEN_FILE: "poison",
  AWS_CONTAINER_CREDENTIALS_FULL_URI: "poison",
  AZURE_CLIENT_SECRET: "poison",
  AZURE_CONFIG_DIR: "poison",
  ARM_CLIENT_ID: "poison",
  ARM_CLIENT_SECRET: "poison",
  ARM_SUBSCRIPTION_ID: "poison",
  GOOGLE_APPLICATION_CREDENTIALS: "poison",
  GOOGLE_CREDENTIALS: "poison",
  GOOGLE_OAUTH_ACCESS_TOKEN: "poison",
  CLOUDSDK_CONFIG: "poison",
  KUBECONFIG: "poison",
  KUBE_TOKEN: "poison",
  PULUMI_ACCESS_TOKEN: "poison",
  PULUMI_K8S_CLIENT_BURST: "poison",
  PULUMI_OPTION_PARALLEL: "poison",
  NODE_OPTIONS: "poison",
  HTTPS_PROXY: "poison",
};

test("no credential variable passes", () => {
  const env = sandboxEnvironment({ PATH: "/bin", ...credentials }, place);
  expect(JSON.stringify(env)).not.toContain("poison");
  expect(env.PATH).toBe("/bin");
});

test("no variable passes that is not on the list, whatever its name", () => {
  const allowed = Object.keys(sandboxEnvironment({}, place));
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Z][A-Z0-9_]{0,30}$/), (name) => {
      const env = sandboxEnvironment({ [name]: "poison" }, place);
      const passed = env[name] === "poison";
      return !passed || !/AWS|AZURE|ARM|GOOGLE|GCLOUD|CLOUDSDK|KUBE|PULUMI|TOKEN|SECRET|KEY/.test(name);
    }),
  );
  expect(allowed).toContain("PULUMI_DEBUG_PROVIDERS");
});

test("home, Pulumi's home and state are the sandbox's, and no plugin is looked for elsewhere", () => {
  const env = sandboxEnvironment(
    { HOME: "/root", PULUMI_HOME: "/root/.pulumi", PULUMI_BACKEND_URL: "s3://real" },
    place,
  );
  expect(env).toMatchObject({
    HOME: "/sandbox/home",
    PULUMI_HOME: "/sandbox/home/.pulumi",
    PULUMI_BACKEND_URL: "file:///sandbox/state?metadata=skip",
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_DEBUG_PROVIDERS: "aws:4711,azure-native:4711,gcp:4711,kubernetes:4711",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
  });
  expect(JSON.stringify(env)).not.toContain("/root");
});

const aws = "urn:pulumi:dev::p::pulumi:providers:aws::main";
const random = "urn:pulumi:dev::p::pulumi:providers:random::default";
const step = (urn: string, provider = "") => ({
  resourcePreEvent: { metadata: { urn, type: urn.split("::")[2] ?? "", provider } },
});

test("the providers of a run are those registered and those used", () => {
  const events = [step(aws), step("urn:pulumi:dev::p::random:index:Id::x", `${random}::1234`), {}];
  expect(providerUrns(events)).toEqual([aws, random]);
});

test("a run with a provider that did not answer here fails, naming it", () => {
  const server = { configured: () => [aws] };
  expect(() => assertOnlySandbox([aws], server)).not.toThrow();
  expect(() => assertOnlySandbox([aws, random], server)).toThrow(random);
});
