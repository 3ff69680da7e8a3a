/**
 * A ticket says for a few minutes what its bearer is in the middle of (a sign-in that waits for its second factor, a passkey
 * ceremony): text that only we can make, so that nothing has to be kept for those who never come back. It is no secret by itself
 * where it travels with a proof (a code, a signature), and it works once: whoever takes it keeps its hash until it expires.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface Ticket {
  /** What it is for; one kind is not taken for another. */
  readonly kind: string;
  readonly tenant: string;
  /** Whom it is about; empty when nobody knows yet. */
  readonly accountId: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  /** Makes each one different. */
  readonly nonce: string;
}

const LONGEST = 1_000;

export function ticketText(ticket: Ticket, key: Uint8Array): string {
  const { kind, tenant, accountId, issuedAt, expiresAt, nonce } = ticket;
  const times = [issuedAt.getTime(), expiresAt.getTime()];
  const body = Buffer.from(JSON.stringify([kind, tenant, accountId, ...times, nonce])).toString('base64url');
  return `${body}.${mac(body, key).toString('base64url')}`;
}

/** Undefined for what we did not make, what is of another kind and what has expired. */
export function readTicket(text: string, kind: string, key: Uint8Array, now: Date): Ticket | undefined {
  if (text.length > LONGEST) return undefined;
  const [body = '', proof = '', ...rest] = text.split('.');
  const given = Buffer.from(proof, 'base64url');
  const right = mac(body, key);
  if (rest.length > 0 || given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
  const [itsKind, tenant, accountId, issued, expires, nonce] = JSON.parse(
    Buffer.from(body, 'base64url').toString(),
  ) as [string, string, string, number, number, string];
  if (itsKind !== kind || expires <= now.getTime()) return undefined;
  return { kind, tenant, accountId, issuedAt: new Date(issued), expiresAt: new Date(expires), nonce };
}

function mac(body: string, key: Uint8Array): Buffer {
  return createHmac('sha256', key).update(body).digest();
}
