import { tokenKey } from '@kilowatch/kernel';
import { readEmaid } from '@kilowatch/trust';

/** What all spellings of a contract have in common: the first 14 characters of its eMAID (ISO 15118-2 Annex H). */
export function contractKey(value: string): string {
  return readEmaid(value)?.key ?? tokenKey(value);
}
