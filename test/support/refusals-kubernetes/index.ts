/** All cases of Kubernetes, by noun. */
import * as access from "./access.ts";
import * as aiGateway from "./ai-gateway.ts";
import * as core from "./core.ts";
import * as gateway from "./gateway.ts";
import * as pods from "./pods.ts";
import * as release from "./release.ts";
import * as storage from "./storage.ts";

export const suites = { core, storage, pods, access, release, gateway, aiGateway };
