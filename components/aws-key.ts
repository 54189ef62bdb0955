import * as kms from "@pulumi/aws/kms/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { guarded } from "./guard.ts";

export interface OwnKeyArgs {
  readonly description: string;
  /** Who may use it. Default: whom this account's policies allow */
  readonly policy?: pulumi.Input<string>;
  /** Keep it against deletion. */
  readonly protect: boolean;
  readonly tags: Record<string, string>;
}

/** A key of this account under an alias: rotated every year, and for as long as KMS has it to be got back when deleted. */
export function buildOwnKey(name: string, args: OwnKeyArgs, opts: { readonly parent: pulumi.Resource }): kms.Key {
  const { protect, ...inputs } = args;
  const key = new kms.Key(
    name,
    { ...inputs, enableKeyRotation: true, deletionWindowInDays: 30 },
    guarded(opts.parent, protect),
  );
  new kms.Alias(name, { targetKeyId: key.keyId }, opts);
  return key;
}
