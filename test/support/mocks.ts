/** Builds components without an engine and keeps everything that they ask for. */
import * as pulumi from "@pulumi/pulumi";

/** One resource as it was asked for: its inputs with every output inside them resolved. */
export interface Constructed {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  /** Logical name of the parent; empty directly below the stack. */
  readonly parent: string;
  readonly custom: boolean;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** What the program says of the order in a replacement; undefined: nothing. */
  readonly deleteBeforeReplace: boolean | undefined;
  /** Logical names of what it waits for, by `dependsOn` or through its inputs; sorted. */
  readonly dependsOn: readonly string[];
  /** What a component registered; undefined if it never did. */
  readonly outputs: Record<string, unknown> | undefined;
}

/** What the cloud would add to a resource's inputs, by type token; `id` sets the resource's id. */
export type CloudOutputs = Record<string, (resource: { name: string; inputs: Record<string, unknown> }) => object>;

export interface ConstructOptions {
  /** Outputs by type. @default the inputs again, and the id `<name>-id` */
  readonly outputs?: CloudOutputs;
  /** Results of provider functions by token. @default every call fails */
  readonly calls?: Record<string, (inputs: Record<string, unknown>) => object>;
  /** Whether values that the cloud decides are unknown. @default false */
  readonly preview?: boolean;
}

interface Draft extends Omit<Constructed, "outputs"> {
  urn: string;
  outputs?: Record<string, unknown>;
}

/**
 * Runs `build` under mocks and waits until every resource is there.
 * @returns all resources in order of their names, the stack itself left out
 * @throws what `build` throws; an error for a provider function that `calls` does not answer
 */
export async function construct(build: () => unknown, options: ConstructOptions = {}): Promise<Constructed[]> {
  const drafts: Draft[] = [];
  await pulumi.runtime.setMocks(mocksOf(options), "twocloud", "test", options.preview ?? false);
  record(pulumi.runtime.getMonitor() as unknown as Monitor, drafts);
  let failure: { readonly error: unknown } | undefined;
  await pulumi.runtime.runInPulumiStack(async () => {
    // Left to the stack, an error is also thrown where no test can catch it.
    await Promise.resolve()
      .then(build)
      .catch((error: unknown) => {
        failure = { error };
      });
  });
  await pulumi.runtime.disconnect();
  if (failure !== undefined) throw failure.error;
  return drafts
    .filter(({ type }) => type !== pulumi.runtime.rootPulumiStackTypeName)
    .map(({ urn, ...resource }) => ({ ...resource, outputs: resource.outputs }))
    .sort((left, right) => compare(`${left.name} ${left.type}`, `${right.name} ${right.type}`));
}

/** The value of an output under mocks, secrets included. @throws when it is unknown */
export async function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  const known = await (output as unknown as { isKnown: Promise<boolean> }).isKnown;
  if (!known) throw new Error("the output is not known");
  return (output as unknown as { promise(): Promise<T> }).promise();
}

/** `type name` of each resource: what a test compares with its exact list. */
export function listOf(resources: readonly Constructed[]): string[] {
  return resources.map(({ type, name }) => `${type} ${name}`);
}

/** The one resource of that name and, where several share it, type. @throws when there is none, or more than one */
export function named(resources: readonly Constructed[], name: string, type?: string): Constructed {
  const found = resources.filter((resource) => resource.name === name && (type ?? resource.type) === resource.type);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} resources are called ${name}`);
  return only;
}

function mocksOf({ outputs = {}, calls = {} }: ConstructOptions): pulumi.runtime.Mocks {
  return {
    newResource({ type, name, inputs }) {
      const added = { ...outputs[type]?.({ name, inputs }) } as Record<string, unknown>;
      return { id: String(added.id ?? `${name}-id`), state: { ...inputs, ...added } };
    },
    call({ token, inputs }) {
      const answer = calls[token];
      if (answer === undefined) throw new Error(`unexpected call of ${token}`);
      return answer(inputs);
    },
  };
}

interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getCustom(): boolean;
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getDeletebeforereplacedefined(): boolean;
  getDeletebeforereplace(): boolean;
  getDependenciesList(): string[];
  getObject(): Message;
}

type Answer = (error: unknown, response: { getUrn(): string } | undefined) => void;

interface Monitor {
  registerResource(request: Request, answer: Answer): Promise<void>;
  registerResourceOutputs(request: { getUrn(): string; getOutputs(): Message }, answer: Answer): void;
}

/** The mocks see neither parents nor options, so the requests are read on their way to them. */
function record(monitor: Monitor, drafts: Draft[]): void {
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, answer) =>
    register(request, (error, response) => {
      if (response !== undefined) drafts.push(draftOf(request, response.getUrn()));
      answer(error, response);
    });
  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResourceOutputs = (request, answer) => {
    const draft = drafts.find(({ urn }) => urn === request.getUrn());
    if (draft !== undefined) draft.outputs = deserialize(request.getOutputs());
    registerOutputs(request, answer);
  };
}

function draftOf(request: Request, urn: string): Draft {
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    inputs: deserialize(request.getObject()),
    parent: parentName(request.getParent()),
    custom: request.getCustom(),
    protect: request.getProtect(),
    retainOnDelete: request.getRetainondelete(),
    deleteBeforeReplace: request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : undefined,
    dependsOn: [...new Set(request.getDependenciesList().map(nameIn))].sort(),
  };
}

type Message = Parameters<typeof pulumi.runtime.deserializeProperties>[0];

function deserialize(message: Message): Record<string, unknown> {
  return pulumi.runtime.deserializeProperties(message);
}

function parentName(urn: string): string {
  return urn.includes(`::${pulumi.runtime.rootPulumiStackTypeName}::`) ? "" : nameIn(urn);
}

function nameIn(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
