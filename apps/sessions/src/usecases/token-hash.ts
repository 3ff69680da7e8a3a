import { createHash } from 'node:crypto';
import { tokenKey } from '@kilowatch/kernel';

/** How a token is compared and stored here: its value stays in auth. Salted by tenant; auth folds it the same way. */
export function tokenHash(tenant: string, value: string): string {
  return createHash('sha256')
    .update(`${tenant}\n${tokenKey(value)}`)
    .digest('base64url');
}
