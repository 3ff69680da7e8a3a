import { createHash } from 'node:crypto';
import { uuidText } from '@kilowatch/kernel';

/**
 * The account id of somebody another identity provider vouches for: the same in every service without asking anybody, since each
 * verifies tokens by itself. A UUIDv8 (RFC 9562, 5.8 and B.2) of issuer and subject, so it never meets the UUIDv7 of an account of
 * our own, and two issuers that use the same subject are two people.
 */
export function externalAccountId(issuer: string, subject: string): string {
  // JSON keeps the two apart: no issuer and subject run into the same text as others.
  const hash = createHash('sha256')
    .update(JSON.stringify([issuer, subject]))
    .digest();
  return uuidText(8, hash);
}
