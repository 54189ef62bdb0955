/** The provider protocol's methods, on the sandbox's own operations. */
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { Problem } from "./cloud.ts";
import { type Change, topLevelOf } from "./diff.ts";
import type { NamingRequest } from "./naming.ts";
import { functionContext, type Providers, providerChanges } from "./providers.ts";
import type { Grants } from "./quotas.ts";
import { typeOf, unknownFunction, unknownType } from "./registry.ts";
import * as resources from "./resources.ts";
import type { Store } from "./store.ts";
import type { InputValidator } from "./validation.ts";
import { decode, encode } from "./wire.ts";

export interface Sandbox {
  readonly store: Store;
  readonly providers: Providers;
  readonly validate: InputValidator;
  readonly grants: Grants;
  readonly now: () => Date;
}

/** Above any version that a program asks for, so that the engine takes this provider for all of them. */
const PLUGIN_VERSION = "9999.0.0";

/** Every method of the protocol that the sandbox answers; the others are unimplemented, which the engine allows. */
export function handlers(sandbox: Sandbox) {
  return {
    handshake: () => handshake(),
    getPluginInfo: () => pluginInfo(),
    ...configurationHandlers(sandbox),
    ...resourceHandlers(sandbox),
    invoke: (request: messages.InvokeRequest, peer: string) => invoke(sandbox, request, peer),
  };
}

function handshake(): messages.ProviderHandshakeResponse {
  const response = new messages.ProviderHandshakeResponse();
  response.setAcceptSecrets(true);
  response.setSupportsAutonamingConfiguration(true);
  return response;
}

function pluginInfo(): pluginMessages.PluginInfo {
  const info = new pluginMessages.PluginInfo();
  info.setVersion(PLUGIN_VERSION);
  return info;
}

function configurationHandlers({ providers, validate }: Sandbox) {
  return {
    checkConfig(request: messages.CheckRequest): messages.CheckResponse {
      const { properties, secrets } = decode(request.getNews());
      const unusable = providers.check(request.getUrn(), request.getType(), properties);
      return checked(request.getNews(), [...unusable, ...validate(request.getType(), properties, secrets)]);
    },
    diffConfig(request: messages.DiffRequest): messages.DiffResponse {
      const before = decode(request.getOldInputs()).properties;
      const { changed, replaces } = providerChanges(request.getType(), before, decode(request.getNews()).properties);
      const response = new messages.DiffResponse();
      const kinds = messages.DiffResponse.DiffChanges;
      response.setChanges(changed.length > 0 ? kinds.DIFF_SOME : kinds.DIFF_NONE);
      response.setDiffsList(changed);
      response.setReplacesList([...replaces]);
      return response;
    },
    configure(request: messages.ConfigureRequest, peer: string): messages.ConfigureResponse {
      const { properties } = decode(request.getArgs());
      providers.configure(peer, request.getUrn() ?? "", request.getType() ?? "", properties);
      const response = new messages.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      response.setSupportsAutonamingConfiguration(true);
      return response;
    },
  };
}

function resourceHandlers(sandbox: Sandbox) {
  return {
    check: (request: messages.CheckRequest, peer: string) => check(sandbox, request, peer),
    diff: (request: messages.DiffRequest, peer: string) => diff(sandbox, request, peer),
    create(request: messages.CreateRequest, peer: string): messages.CreateResponse {
      const target = targetOf(sandbox, request, peer);
      const { properties, secrets } = decode(request.getProperties());
      const made = request.getPreview()
        ? resources.previewCreate(target, properties, secrets)
        : resources.create(target, properties, secrets);
      const response = new messages.CreateResponse();
      response.setId(made.id);
      response.setProperties(encode(made.outputs, made.secretOutputs));
      return response;
    },
    read(request: messages.ReadRequest, peer: string): messages.ReadResponse {
      const state = decode(request.getProperties()).properties;
      const found = resources.read(targetOf(sandbox, request, peer), request.getId(), state);
      const response = new messages.ReadResponse();
      if (found === undefined) return response;
      response.setId(found.id);
      response.setInputs(encode(found.inputs, found.secrets.inputs));
      response.setProperties(encode(found.outputs, found.secrets.outputs));
      return response;
    },
    update(request: messages.UpdateRequest, peer: string): messages.UpdateResponse {
      const target = targetOf(sandbox, request, peer);
      const state = decode(request.getOlds()).properties;
      const { properties, secrets } = decode(request.getNews());
      const made = resources.update(target, {
        id: request.getId(),
        state,
        before: decode(request.getOldInputs()).properties,
        inputs: properties,
        secretInputs: secrets,
        preview: request.getPreview(),
      });
      const response = new messages.UpdateResponse();
      response.setProperties(encode(made.outputs, made.secretOutputs));
      return response;
    },
    delete(request: messages.DeleteRequest, peer: string): empty.Empty {
      const state = decode(request.getProperties()).properties;
      resources.remove(targetOf(sandbox, request, peer), request.getId(), state);
      return new empty.Empty();
    },
  };
}

function check(sandbox: Sandbox, request: messages.CheckRequest, peer: string): messages.CheckResponse {
  const { cloud, connection } = sandbox.providers.connected(peer, request.getType());
  const type = typeOf(cloud, request.getType());
  if (type === undefined) {
    return checked(request.getNews(), [{ property: "", reason: unknownType(request.getType()) }]);
  }
  const olds = decode(request.getOlds()).properties;
  const { properties, secrets } = decode(request.getNews());
  const configured = namingConfiguration(request);
  const target = { ...sandbox, cloud, type, connection, urn: request.getUrn(), logicalName: request.getName() };
  const { inputs, problems } = resources.check(
    target,
    {
      inputs: properties,
      secrets,
      before: Object.keys(olds).length === 0 ? undefined : olds,
      seed: request.getRandomseed_asU8(),
      ...(configured === undefined ? {} : { configured }),
    },
    sandbox.validate,
  );
  return checked(encode(inputs, secrets), problems);
}

function namingConfiguration(request: messages.CheckRequest): NamingRequest["configured"] {
  const options = request.getAutonaming();
  if (options === undefined) return undefined;
  const { Mode } = messages.CheckRequest.AutonamingOptions;
  const modes = { [Mode.PROPOSE]: "propose", [Mode.ENFORCE]: "enforce", [Mode.DISABLE]: "disable" } as const;
  return { mode: modes[options.getMode()], name: options.getProposedName() };
}

function diff(sandbox: Sandbox, request: messages.DiffRequest, peer: string): messages.DiffResponse {
  const { type } = targetOf(sandbox, request, peer);
  const before = decode(request.getOldInputs()).properties;
  const { changes, deleteFirst } = resources.diff(type, before, decode(request.getNews()).properties);
  const response = new messages.DiffResponse();
  const kinds = messages.DiffResponse.DiffChanges;
  response.setChanges(changes.length > 0 ? kinds.DIFF_SOME : kinds.DIFF_NONE);
  response.setDiffsList(topLevel(changes));
  response.setReplacesList(topLevel(changes.filter((change) => change.replaces)));
  response.setDeletebeforereplace(deleteFirst);
  response.setHasdetaileddiff(true);
  for (const change of changes) response.getDetaileddiffMap().set(change.path, propertyDiff(change));
  return response;
}

function propertyDiff({ kind, replaces }: Change): messages.PropertyDiff {
  const { Kind } = messages.PropertyDiff;
  const inPlace = { add: Kind.ADD, delete: Kind.DELETE, update: Kind.UPDATE };
  const replacing = { add: Kind.ADD_REPLACE, delete: Kind.DELETE_REPLACE, update: Kind.UPDATE_REPLACE };
  const result = new messages.PropertyDiff();
  result.setKind(replaces ? replacing[kind] : inPlace[kind]);
  result.setInputdiff(true);
  return result;
}

function invoke(
  { providers, store, validate }: Sandbox,
  request: messages.InvokeRequest,
  peer: string,
): messages.InvokeResponse {
  const { cloud, connection } = providers.connected(peer, request.getTok());
  const run = cloud.functions[request.getTok()];
  if (run === undefined) throw new Error(unknownFunction(request.getTok()));
  const response = new messages.InvokeResponse();
  const { properties, secrets } = decode(request.getArgs());
  const problems = validate(request.getTok(), properties, secrets);
  if (problems.length > 0) response.setFailuresList(problems.map(failureOf));
  else response.setReturn(encode(run(properties, functionContext(cloud, store, connection))));
  return response;
}

interface AboutResource {
  getUrn(): string;
  getType(): string;
  getName(): string;
}

function targetOf(sandbox: Sandbox, request: AboutResource, peer: string): resources.Target {
  const { cloud, connection } = sandbox.providers.connected(peer, request.getType());
  const type = typeOf(cloud, request.getType());
  if (type === undefined) throw new Error(unknownType(request.getType()));
  const { store, grants, now } = sandbox;
  return { cloud, type, connection, store, grants, now, urn: request.getUrn(), logicalName: request.getName() };
}

function checked(
  inputs: ReturnType<messages.CheckResponse["getInputs"]>,
  problems: readonly Problem[],
): messages.CheckResponse {
  const response = new messages.CheckResponse();
  response.setInputs(inputs);
  response.setFailuresList(problems.map(failureOf));
  return response;
}

function failureOf({ property, reason }: Problem): messages.CheckFailure {
  const failure = new messages.CheckFailure();
  failure.setProperty(property);
  failure.setReason(reason);
  return failure;
}

function topLevel(changes: readonly Change[]): string[] {
  return [...new Set(changes.map(({ path }) => topLevelOf(path)))];
}
