/** Where the project's tools are. See toolchain.mjs, which is plain JavaScript because it runs before set-up. */

/** Absolute path of the project: the folder that holds package.json. */
export declare const projectRoot: string;

/** The oldest Node that runs TypeScript as this project needs it. */
export declare const scriptNodeMajor: number;

/** npm packages that carry a Node binary, by `process.platform`-`process.arch`. */
export declare const nodePackages: Readonly<Record<string, string>>;

/** The Pulumi version that package.json pins, without a leading `v`. Throws when it is not one exact version. */
export declare function pulumiVersion(root?: string): string;

/** The folder that the official launcher keeps the given version in. */
export declare function pulumiFolder(version: string, env?: NodeJS.ProcessEnv): string;

/** Absolute path of the real Pulumi CLI, not of the launcher. It may not exist before set-up. */
export declare function pulumiBinary(): string;

/** The Node binary that came with node_modules; undefined where no package carries one for this platform. */
export declare function bundledNode(root?: string): string | undefined;

/** Absolute path of the Node (at least 24) that runs the project's scripts. Throws when there is none. */
export declare function nodeBinary(): string;

/** The name of an executable file on this platform. */
export declare function executableName(name: string): string;

/** The first executable file of that name in a PATH-like list, without starting a process. */
export declare function findOnPath(name: string, path: string | undefined): string | undefined;

/** True for a file (not a folder) that may be executed. */
export declare function isExecutable(file: string): boolean;

/** True when `file`, links followed, lies in `folder`. */
export declare function isInside(file: string, folder: string): boolean;

/** A file's path with what changes when its content does. */
export interface FileMark {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/** The mark of a file; undefined when there is none. */
export declare function fileMark(path: string): FileMark | undefined;

/** True when the file that a mark was taken from is unchanged. */
export declare function sameFile(mark: FileMark): boolean;

/** The folder of set-up's stamps. */
export declare function stampFolder(root?: string): string;

/** One of set-up's stamps; undefined when absent or unreadable. */
export declare function readStamp(
  root: string,
  name: "installed" | "node" | "engine" | "gateway" | "kubernetes",
): Record<string, unknown> | undefined;
