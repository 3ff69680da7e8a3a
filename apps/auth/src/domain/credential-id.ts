/**
 * Which of its credentials a station came with. The gateway repeats it in `station_connected`, so that what happens after the
 * station was really let in (the old password dies, the old certificate is superseded) happens for the right one.
 */
import { createHash } from 'node:crypto';

export const NOTHING_SHOWN = 'none';
export const CURRENT_PASSWORD = 'password';
const PENDING = 'password:';
const CERTIFICATE = 'certificate:';

/** Names the one that waits by its hash, and gives away nothing of it. */
export function pendingPassword(hash: string): string {
  return `${PENDING}${createHash('sha256').update(hash).digest('hex').slice(0, 16)}`;
}

export function certificateCredential(fingerprint: string): string {
  return `${CERTIFICATE}${fingerprint}`;
}

export function isPendingPassword(credentialId: string): boolean {
  return credentialId.startsWith(PENDING);
}

/** Undefined when it came without one. */
export function fingerprintIn(credentialId: string): string | undefined {
  return credentialId.startsWith(CERTIFICATE) ? credentialId.slice(CERTIFICATE.length) : undefined;
}
