/** What the engine does, as far as tests need it: one connection for each provider instance, and the protocol's calls. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, credentials } from "@grpc/grpc-js";
import service from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { type Grants, type RunningSandbox, startSandbox } from "../../sandbox/index.ts";
import type { Properties } from "../../sandbox/values.ts";
import { decode, encode } from "../../sandbox/wire.ts";

export interface TestSandbox {
  readonly sandbox: RunningSandbox;
  readonly database: string;
  /** Connects a provider instance and configures it. */
  provider(name: string, config: Properties): Promise<TestProvider>;
  /** Ends connections and server, and deletes the database. */
  end(): Promise<void>;
}

/** @param now the clouds' clock. Default: this machine's */
export async function testSandbox(grants: Grants = {}, now: () => Date = () => new Date()): Promise<TestSandbox> {
  const directory = mkdtempSync(join(tmpdir(), "sandbox-"));
  const database = join(directory, "cloud.db");
  const sandbox = await startSandbox({ database, grants, now });
  const clients: Client[] = [];
  return {
    sandbox,
    database,
    async provider(name, config) {
      const client = new service.ResourceProviderClient(`127.0.0.1:${sandbox.port}`, credentials.createInsecure(), {
        "grpc.use_local_subchannel_pool": 1,
      });
      clients.push(client);
      const provider = testProvider(client);
      await provider.configure(name, config);
      return provider;
    },
    async end() {
      for (const client of clients) client.close();
      await sandbox.close();
      rmSync(directory, { recursive: true });
    },
  };
}

export type TestProvider = ReturnType<typeof testProvider>;

function testProvider(client: InstanceType<typeof service.ResourceProviderClient>) {
  const call = <T>(method: string, request: unknown): Promise<T> => {
    const methods = client as unknown as Record<
      string,
      (request: unknown, done: (e: Error | null, a: T) => void) => void
    >;
    return new Promise((resolve, reject) => {
      methods[method]?.call(client, request, (error, answer) => (error === null ? resolve(answer) : reject(error)));
    });
  };

  const check = async (
    type: string,
    inputs: Properties,
    { olds, secrets, name = "main", seed = "seed123456" }: CheckOptions = {},
  ) => {
    const request = about(new messages.CheckRequest(), type, name);
    request.setNews(encode(inputs, secrets));
    if (olds !== undefined) request.setOlds(encode(olds));
    request.setRandomseed(Buffer.from(seed));
    const response = await call<messages.CheckResponse>("check", request);
    const failures = response.getFailuresList().map((f) => `${f.getProperty()}: ${f.getReason()}`);
    return { ...decode(response.getInputs()), failures };
  };

  const create = async (
    type: string,
    inputs: Properties,
    { preview = false, secrets, name = "main" }: CreateOptions = {},
  ) => {
    const request = about(new messages.CreateRequest(), type, name);
    request.setProperties(encode(inputs, secrets));
    request.setPreview(preview);
    const response = await call<messages.CreateResponse>("create", request);
    return { id: response.getId(), ...decode(response.getProperties()) };
  };

  return {
    check,
    create,
    async configure(name: string, config: Properties) {
      const type = `pulumi:providers:${name}`;
      const request = new messages.ConfigureRequest();
      request.setUrn(urn(type, "main"));
      request.setType(type);
      request.setArgs(encode(config));
      await call("configure", request);
    },
    async checkConfig(name: string, config: Properties) {
      const request = about(new messages.CheckRequest(), `pulumi:providers:${name}`, "main");
      request.setNews(encode(config));
      const response = await call<messages.CheckResponse>("checkConfig", request);
      return response.getFailuresList().map((failure) => `${failure.getProperty()}: ${failure.getReason()}`);
    },
    /** Check, which must find nothing wrong, and Create. */
    async make(type: string, inputs: Properties, options: CreateOptions = {}) {
      const checked = await check(type, inputs, options);
      if (checked.failures.length > 0) throw new Error(checked.failures.join("\n"));
      const secrets = options.secrets ?? [];
      return { inputs: checked.properties, ...(await create(type, checked.properties, { ...options, secrets })) };
    },
    async diff(type: string, id: string, before: Properties, after: Properties) {
      const request = about(new messages.DiffRequest(), type, "main");
      request.setId(id);
      request.setOldInputs(encode(before));
      request.setOlds(encode(before));
      request.setNews(encode(after));
      const response = await call<messages.DiffResponse>("diff", request);
      const { DiffChanges } = messages.DiffResponse;
      return {
        changed: response.getChanges() === DiffChanges.DIFF_SOME,
        detailed: [...response.getDetaileddiffMap().entries()].map(([path, change]) => [path, KINDS[change.getKind()]]),
        replaces: response.getReplacesList(),
        deleteFirst: response.getDeletebeforereplace(),
      };
    },
    /** @param inputs what it was made with. Default: as afterwards, so that nothing counts as changed */
    async update(type: string, id: string, before: Properties, after: Properties, preview = false, inputs = after) {
      const request = about(new messages.UpdateRequest(), type, "main");
      request.setId(id);
      request.setOlds(encode(before));
      request.setOldInputs(encode(inputs));
      request.setNews(encode(after));
      request.setPreview(preview);
      return decode((await call<messages.UpdateResponse>("update", request)).getProperties());
    },
    async read(type: string, id: string, state: Properties = {}) {
      const request = about(new messages.ReadRequest(), type, "main");
      request.setId(id);
      request.setProperties(encode(state));
      const response = await call<messages.ReadResponse>("read", request);
      return { id: response.getId(), inputs: decode(response.getInputs()), outputs: decode(response.getProperties()) };
    },
    async remove(type: string, id: string, state: Properties) {
      const request = about(new messages.DeleteRequest(), type, "main");
      request.setId(id);
      request.setProperties(encode(state));
      await call("delete", request);
    },
    async invoke(token: string, args: Properties) {
      const request = new messages.InvokeRequest();
      request.setTok(token);
      request.setArgs(encode(args));
      const response = await call<messages.InvokeResponse>("invoke", request);
      const failures = response.getFailuresList().map((failure) => failure.getReason());
      return { ...decode(response.getReturn()).properties, ...(failures.length > 0 ? { failures } : {}) };
    },
    cancel: () => call("cancel", new empty.Empty()),
  };
}

interface CheckOptions {
  readonly olds?: Properties;
  readonly secrets?: readonly string[];
  readonly name?: string;
  readonly seed?: string;
}

interface CreateOptions extends Omit<CheckOptions, "olds"> {
  readonly preview?: boolean;
}

const KINDS = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"];

function urn(type: string, name: string): string {
  return `urn:pulumi:test::project::${type}::${name}`;
}

function about<T extends { setUrn(v: string): void; setType(v: string): void; setName(v: string): void }>(
  request: T,
  type: string,
  name: string,
): T {
  request.setUrn(urn(type, name));
  request.setType(type);
  request.setName(name);
  return request;
}
