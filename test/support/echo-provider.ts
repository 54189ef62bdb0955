/**
 * A provider that takes everything and gives back what it got: for programs that no cloud, and no sandbox, would take,
 * so that the policy pack alone has something to say about them.
 */
import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import service from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";

export interface EchoProvider {
  readonly port: number;
  close(): Promise<void>;
}

type Handler = (request: never) => unknown;

const handlers: Readonly<Record<string, Handler>> = {
  handshake: () => new messages.ProviderHandshakeResponse(),
  attach: () => new empty.Empty(),
  cancel: () => new empty.Empty(),
  getPluginInfo: () => {
    const info = new pluginMessages.PluginInfo();
    info.setVersion("9999.0.0");
    return info;
  },
  checkConfig: checked,
  diffConfig: () => new messages.DiffResponse(),
  configure: () => {
    const response = new messages.ConfigureResponse();
    response.setSupportspreview(true);
    return response;
  },
  check: checked,
  diff: () => new messages.DiffResponse(),
  create: (request: messages.CreateRequest) => {
    const response = new messages.CreateResponse();
    response.setProperties(request.getProperties());
    return response;
  },
};

function checked(request: messages.CheckRequest): messages.CheckResponse {
  const response = new messages.CheckResponse();
  response.setInputs(request.getNews());
  return response;
}

/** Serves on a free port of the loopback address. */
export async function startEcho(): Promise<EchoProvider> {
  const server = new Server();
  const unary = (handler: Handler) => (call: ServerUnaryCall<never, unknown>, callback: sendUnaryData<unknown>) =>
    callback(null, handler(call.request));
  const implemented = Object.fromEntries(Object.entries(handlers).map(([method, handler]) => [method, unary(handler)]));
  server.addService(service.ResourceProviderService, implemented as UntypedServiceImplementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, close: () => new Promise((resolve) => server.tryShutdown(() => resolve())) };
}
