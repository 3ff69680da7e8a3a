import { createInterface } from 'node:readline/promises';

/** Asks at the terminal. On standard error, so that what the command says can be piped. */
export async function askCode(): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question('Code of your app, or a recovery code: ');
  } finally {
    terminal.close();
  }
}
