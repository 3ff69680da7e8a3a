import { resolve } from 'node:path';

/** A path as the person typed it: npm moves to the repository's root and leaves the folder it was called from in INIT_CWD. */
export function fromInvocation(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), path);
}
