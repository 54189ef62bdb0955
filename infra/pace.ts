import * as pulumi from "@pulumi/pulumi";

/** Comes back once few enough registrations are unanswered. */
export type Room = () => Promise<void>;

/**
 * The SDK holds all of a resource until the engine has answered, and a program that never waits asks for everything
 * before it reads the first answer: with 200 workloads that was 26 s of silence and 1.4 GB. So whoever builds many
 * things of a kind waits for room between two of them, and the engine works meanwhile. Call it once, before the first
 * resource.
 * @param limit unanswered registrations from which on the next has to wait, until half of them are answered. What is
 *   waited for must not depend on what is built later.
 */
export function paced(limit: number): Room {
  let open = 0;
  let waiting: (() => void)[] = [];
  const answered = (): void => {
    open -= 1;
    if (open > limit / 2) return;
    for (const go of waiting) go();
    waiting = [];
  };
  pulumi.runtime.registerStackTransformation(({ resource }) => {
    open += 1;
    // The resource gets its URN when its constructor, which runs now, has ended.
    queueMicrotask(() => settled(resource.urn).then(answered, answered));
    return undefined;
  });
  return () => (open < limit ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)));
}

/** `apply` is not called for a value that never came; the promise, which the typings leave out, ends either way. */
function settled(output: pulumi.Output<unknown>): Promise<unknown> {
  return (output as unknown as { promise(): Promise<unknown> }).promise();
}
