import { wrongInput } from './kw-error.js';

/** A time from the command line as the API takes it. */
export function timeOf(text: string): string {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw wrongInput(`${text} is no time, as 2026-12-01T00:00:00Z is`);
  return at.toISOString();
}
