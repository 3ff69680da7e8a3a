import { createHash } from 'node:crypto';

/** The digest of quotes and tariff documents, hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
