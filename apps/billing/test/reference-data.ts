import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { referenceDataFolder } from '@kilowatch/testing';

/** A reference file, parsed; undefined when there are none here. Missing in a folder that was named, it is an error. */
export function referenceData(name: string): unknown {
  const folder = referenceDataFolder();
  if (folder === undefined) return undefined;
  const file = path.join(folder, name);
  const named = Boolean(process.env.KILOWATCH_REFERENCE_DATA);
  return named || existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
