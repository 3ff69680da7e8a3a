import type { GraphqlClient } from '../../client/graphql-client.js';
import type { Output } from '../output.js';

/** What every command gets. */
export interface CommandContext {
  readonly client: GraphqlClient;
  readonly output: Output;
  /** Aborted at Ctrl-C, for commands that watch. */
  readonly signal: AbortSignal;
}

/** A command: its arguments after the name; resolves with the exit code. */
export type Command = (args: readonly string[], context: CommandContext) => Promise<number>;
