import { readFileSync } from 'node:fs';
import { fromInvocation } from '../system/invocation-folder.js';
import { wrongInput } from './kw-error.js';

/** The text of a file named on the command line. @throws a sentence when it cannot be read */
export function readInput(file: string): string {
  try {
    return readFileSync(fromInvocation(file), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw wrongInput(code === 'ENOENT' ? `there is no file ${file}` : `${file} cannot be read (${code})`);
  }
}

/** A JSON object. @throws a sentence that names `what` when the text is none */
export function jsonObject(text: string, what: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrongInput(`${what} is no JSON: ${text.slice(0, 100)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrongInput(`${what} is no JSON object: ${text.slice(0, 100)}`);
  return value as Record<string, unknown>;
}
