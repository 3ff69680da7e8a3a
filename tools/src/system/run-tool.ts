import { Interrupted } from './interruption.js';

/** Runs a tool's main function: one line for an error a person can act on, and an exit code. */
export function runTool(main: () => Promise<number>): void {
  main().then(
    (code) => {
      process.exit(code);
    },
    (error: unknown) => {
      if (error instanceof Interrupted) process.exit(130);
      process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
      if (process.env['KW_DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack}\n`);
      process.exit(1);
    },
  );
}
