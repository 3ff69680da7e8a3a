/**
 * One-time links by mail. What is in a mail is worked out from the key and the link's id, never stored and never in an event:
 * who sends the mail asks for it, and a copy of the database opens nothing.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export const LINK_PURPOSES = ['CONFIRM_EMAIL', 'RESET_PASSWORD'] as const;
export type LinkPurpose = (typeof LINK_PURPOSES)[number];

const HOUR_MS = 3_600_000;
const LASTS_MS: Readonly<Record<LinkPurpose, number>> = {
  CONFIRM_EMAIL: 48 * HOUR_MS,
  RESET_PASSWORD: HOUR_MS,
};
/** Whoever is invited did not ask for it, and may be on holiday. */
export const INVITATION_MS = 7 * 24 * HOUR_MS;
/** Mails with links that one account gets in an hour, whoever asks for them. */
export const MOST_LINKS_AN_HOUR = 3;

export interface AccountLink {
  readonly tenant: string;
  readonly id: string;
  readonly accountId: string;
  readonly purpose: LinkPurpose;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** Used, or replaced by a later one. */
  readonly endedAt: Date | undefined;
}

export function linkExpiry(purpose: LinkPurpose, createdAt: Date): Date {
  return new Date(createdAt.getTime() + LASTS_MS[purpose]);
}

export function isOpen(link: AccountLink, now: Date): boolean {
  return !link.endedAt && link.expiresAt > now;
}

type Named = Pick<AccountLink, 'tenant' | 'id' | 'purpose'>;

export function linkToken(link: Named, key: Uint8Array): string {
  return `${link.tenant}.${link.id}.${proofOf(link, key).toString('base64url')}`;
}

/** Whose link it is, when it is one of ours for this purpose. Whether it is still open says its row. */
export function readLinkToken(
  token: string,
  purpose: LinkPurpose,
  key: Uint8Array,
): Pick<AccountLink, 'tenant' | 'id'> | undefined {
  const [tenant = '', id = '', proof = '', ...rest] = token.slice(0, 300).split('.');
  const given = Buffer.from(proof, 'base64url');
  const right = proofOf({ tenant, id, purpose }, key);
  if (rest.length > 0 || given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
  return { tenant, id };
}

function proofOf({ tenant, id, purpose }: Named, key: Uint8Array): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([purpose, tenant, id]))
    .digest();
}
