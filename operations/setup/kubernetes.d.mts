/** What stands in for a cluster where its objects are judged. See kubernetes.mjs. */

/** Without a leading `v`. */
export declare const kubernetesVersions: { readonly apiServer: string; readonly etcd: string };

/** Where everything is; it may not exist before {@link ensureKubernetes}. `definitions` is a file of YAML documents. */
export declare function kubernetesFiles(env?: NodeJS.ProcessEnv): {
  apiServer: string;
  etcd: string;
  definitions: string;
};

/**
 * Puts everything in place, unless the verified files are still there unchanged; says on stderr how far it is. Throws a
 * SetupError when there is no Go that can, or a build fails.
 */
export declare function ensureKubernetes(root: string, env: NodeJS.ProcessEnv): Promise<void>;
