import { userInfo } from "node:os";
import { KubeConfig } from "@kubernetes/client-node";
import { stacksFolder, UsageError } from "../commands/load.ts";
import { type Pace, usualPace } from "./perform.ts";

/** What `twocloud override` touches; a test puts other things there. */
export interface OverridePlace {
  readonly out: { write(text: string): void };
  /** Folder with the stack files. */
  readonly stacks: string;
  /** The person's. */
  readonly kubeconfig: () => KubeConfig;
  readonly now: () => Date;
  /** Who it is, if nobody is named. */
  readonly user: string;
  readonly pace: Pace;
}

/** This machine, and whoever uses it. */
export function hereAndNow(): OverridePlace {
  return {
    out: process.stdout,
    stacks: stacksFolder,
    kubeconfig: readKubeconfig,
    now: () => new Date(),
    user: userInfo().username,
    pace: usualPace,
  };
}

/** @throws UsageError when it can't be read */
function readKubeconfig(): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromDefault();
  } catch (error) {
    throw new UsageError(`The kubeconfig can't be read: ${(error as Error).message}`);
  }
  return config;
}
