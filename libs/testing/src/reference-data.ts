import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

// From src/ as well as from dist/. Reference files that are not part of the project: their licences keep them out of it.
const BESIDE_THE_CHECKOUT = fileURLToPath(new URL('../../../../shared/data', import.meta.url));

/**
 * The folder of reference files, or undefined when there is none. KILOWATCH_REFERENCE_DATA names it, and is believed:
 * a file missing there fails the test that wants it.
 */
export function referenceDataFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  beside: string = BESIDE_THE_CHECKOUT,
): string | undefined {
  const named = env['KILOWATCH_REFERENCE_DATA'];
  if (named) return path.resolve(named);
  return existsSync(beside) ? beside : undefined;
}
