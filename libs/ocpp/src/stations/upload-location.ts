// Q51: where a station is told to send its diagnostics or logs. We offer every way we have; the model says which it can go
// and whether the address ends in a folder or in the file itself.

import type { UploadAbility, UploadScheme } from './station-model.js';

/** Base addresses by scheme, without a trailing slash; ways we do not offer are absent. */
export type UploadBases = Readonly<Partial<Record<UploadScheme, string>>>;

/** Null when the station can go none of our ways. */
export function uploadLocation(bases: UploadBases, fileName: string, ability: UploadAbility): string | null {
  const base = ability.schemes.map((scheme) => bases[scheme]).find((address) => address !== undefined);
  if (base === undefined) return null;
  const folder = `${base.replace(/\/+$/, '')}/`;
  return ability.path === 'folder' ? folder : folder + encodeURIComponent(fileName);
}
