import { readFileSync } from "node:fs";
import { Deployment } from "@pulumi/kubernetes/apps/v1/index.js";
import { ConfigMap, Secret, ServiceAccount } from "@pulumi/kubernetes/core/v1/index.js";
import { Role, RoleBinding } from "@pulumi/kubernetes/rbac/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "./controllers.ts";
import { gatewayImages, gatewayNamespace, tokenSecretName, tokenServiceAccount } from "./names.ts";
import { imageReference } from "./render/controllers.ts";
import { type RefresherSpec, refresherPod } from "./render/refresher.ts";
import type { InferenceGatewayArgs } from "./types.ts";

/** A target that takes bearer tokens. */
export type TokenTarget = Pick<RefresherSpec, "kind" | "location" | "audience" | "entra">;

/**
 * One Secret and one refresher for each target that takes bearer tokens. The Secrets stand in the program without
 * data; the refreshers' service account is the only one that is given the right to fill them.
 */
export function createRefreshers(name: string, args: InferenceGatewayArgs, opts: ChildOptions): void {
  const targets = tokenTargets(args);
  if (targets.length === 0) return;
  const account = new ServiceAccount(
    `${name}-tokens`,
    { metadata: { name: tokenServiceAccount, namespace: gatewayNamespace }, automountServiceAccountToken: false },
    opts,
  );
  const secrets = targets.map((target) => emptySecret(name, target, opts));
  const binding = allowWriting(name, targets, account, opts);
  const script = scriptMap(name, opts);
  const image = pulumi
    .output(args.imagePrefix)
    .apply((prefix) => imageReference({ prefix, images: args.images }, gatewayImages.refresher));
  for (const target of targets) {
    refresher(name, target, { account, script, image }, { ...opts, dependsOn: [...secrets, binding] });
  }
}

/** Azure locations whose models are called, and gateways that requests are passed to. */
export function tokenTargets({ accesses, peers }: Pick<InferenceGatewayArgs, "accesses" | "peers">): TokenTarget[] {
  return [
    ...accesses
      .filter(({ target }) => target.cloud === "azure")
      .map(({ target, principal, audience }) => ({
        kind: "models" as const,
        location: target.name,
        audience,
        entra: { tenant: target.tenant ?? "", clientId: principal },
      })),
    ...peers
      .filter(({ called }) => called)
      .map(({ location, host }) => ({
        kind: "gateway" as const,
        location: location.name,
        audience: host,
        entra: null,
      })),
  ];
}

function emptySecret(name: string, { kind, location }: TokenTarget, opts: ChildOptions): Secret {
  return new Secret(
    `${name}-${kind}-token-${location}`,
    { metadata: { name: tokenSecretName(kind, location), namespace: gatewayNamespace }, type: "Opaque" },
    // What the refresher wrote is not the program's to take away.
    { ...opts, ignoreChanges: ["data", "stringData"] },
  );
}

function allowWriting(
  name: string,
  targets: readonly TokenTarget[],
  account: ServiceAccount,
  opts: ChildOptions,
): RoleBinding {
  const role = new Role(
    `${name}-tokens-role`,
    {
      metadata: { name: tokenServiceAccount, namespace: gatewayNamespace },
      rules: [
        {
          apiGroups: [""],
          resources: ["secrets"],
          resourceNames: targets.map(({ kind, location }) => tokenSecretName(kind, location)),
          verbs: ["patch"],
        },
      ],
    },
    opts,
  );
  return new RoleBinding(
    `${name}-tokens-binding`,
    {
      metadata: { name: tokenServiceAccount, namespace: gatewayNamespace },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: tokenServiceAccount },
      // Constants, so that a first preview already shows who may write.
      subjects: [{ kind: "ServiceAccount", name: tokenServiceAccount, namespace: gatewayNamespace }],
    },
    { ...opts, dependsOn: [role, account] },
  );
}

/** Auto-named: another script is another ConfigMap, and the refreshers are rolled. */
function scriptMap(name: string, opts: ChildOptions): ConfigMap {
  const files = ["main.mjs", "refresh.mjs"];
  const data = Object.fromEntries(
    files.map((file) => [file, readFileSync(new URL(`refresher/${file}`, import.meta.url), "utf8")]),
  );
  return new ConfigMap(
    `${name}-refresher-script`,
    { metadata: { namespace: gatewayNamespace }, immutable: true, data },
    opts,
  );
}

interface RefresherParts {
  account: ServiceAccount;
  script: ConfigMap;
  image: pulumi.Output<string>;
}

function refresher(name: string, target: TokenTarget, parts: RefresherParts, opts: ChildOptions): Deployment {
  const { kind, location } = target;
  const secret = tokenSecretName(kind, location);
  const labels = { "app.kubernetes.io/name": "token-refresher", "twocloud/token": secret };
  const spec = refresherPod({
    ...target,
    image: parts.image,
    script: parts.script.metadata.name,
    serviceAccount: parts.account.metadata.name,
  });
  return new Deployment(
    `${name}-${kind}-refresher-${location}`,
    {
      metadata: { name: `${kind}-refresher-${location}`, namespace: gatewayNamespace, labels },
      spec: {
        // One is enough: a token outlives the minutes that a lost machine's pod takes to be placed anew.
        replicas: 1,
        selector: { matchLabels: labels },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: {
          metadata: { labels, annotations: { "prometheus.io/scrape": "true", "prometheus.io/port": "8080" } },
          spec,
        },
      },
    },
    opts,
  );
}
