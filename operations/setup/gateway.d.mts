/** The gateway that the failover drill runs. See gateway.mjs. */

/** The versions that the drill runs, without a leading `v`. */
export declare const gatewayVersions: { readonly aigw: string; readonly envoy: string };

/**
 * Where the gateway's programs are; they may not exist before {@link ensureGateway}. `gateway` is the `aigw` program,
 * `dataHome` what it needs as AIGW_DATA_HOME.
 */
export declare function gatewayBinaries(env?: NodeJS.ProcessEnv): { gateway: string; dataHome: string };

/**
 * Puts the gateway's programs in place, unless the verified ones are still there unchanged; says on stderr how far it is.
 * Throws a SetupError when they can be got in no way. `releases`: address of the API that lists releases.
 */
export declare function ensureGateway(root: string, env: NodeJS.ProcessEnv, releases?: string): Promise<void>;
