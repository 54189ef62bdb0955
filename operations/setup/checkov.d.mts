/** Checkov. See checkov.mjs, which is plain JavaScript because it runs before set-up. */

/**
 * Puts Checkov in place, unless it is; says on stderr how far it is. Answers with the Python that has it. Throws a
 * SetupError when it can't be got, or the folder can't be written.
 */
export declare function ensureCheckov(env: NodeJS.ProcessEnv): Promise<string>;
