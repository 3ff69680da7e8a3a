import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * A file of reference data whose licence keeps it out of this repository, parsed; undefined when it is not here.
 * KILOWATCH_REFERENCE_DATA names its folder: a file missing there is an error.
 */
export function referenceData(name: string): unknown {
  const named = process.env.KILOWATCH_REFERENCE_DATA;
  const file = path.join(named ?? path.join(ROOT, '..', 'shared', 'data'), name);
  return named !== undefined || existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
