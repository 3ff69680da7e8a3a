import { createHash } from 'node:crypto';
import { tokenKey } from '../domain/business-key.js';

/** How a token is compared and stored here: its value stays in auth. Salted by tenant, folded like auth folds it. */
export function tokenHash(tenant: string, value: string): string {
  return createHash('sha256')
    .update(`${tenant}\n${tokenKey(value)}`)
    .digest('base64url');
}
