import { describe, expect, it } from 'vitest';
import { isOpen, linkExpiry, linkToken, readLinkToken, type AccountLink } from './account-link.js';

const KEY = Buffer.alloc(32, 1);
const NOW = new Date('2026-11-29T12:00:00Z');
const link: AccountLink = {
  tenant: 'demo',
  id: '018f2c9e-0000-7000-8000-000000000001',
  accountId: 'a1',
  purpose: 'RESET_PASSWORD',
  createdAt: NOW,
  expiresAt: linkExpiry('RESET_PASSWORD', NOW),
  endedAt: undefined,
};
const token = linkToken(link, KEY);

describe('a link', () => {
  it('says whose it is', () => {
    expect(readLinkToken(token, 'RESET_PASSWORD', KEY)).toEqual({ tenant: 'demo', id: link.id });
  });

  it.each([
    ['for another purpose', token, 'CONFIRM_EMAIL', KEY],
    ['of another key', token, 'RESET_PASSWORD', Buffer.alloc(32, 2)],
    ['of another tenant', token.replace('demo', 'other'), 'RESET_PASSWORD', KEY],
    ['with another id', token.replace('0001.', '0002.'), 'RESET_PASSWORD', KEY],
    ['with more behind it', `${token}.x`, 'RESET_PASSWORD', KEY],
    ['without a proof', `demo.${link.id}.`, 'RESET_PASSWORD', KEY],
    ['that is empty', '', 'RESET_PASSWORD', KEY],
  ] as const)('%s is none', (_what, text, purpose, key) => {
    expect(readLinkToken(text, purpose, key)).toBeUndefined();
  });

  it('is open until it is used or has expired', () => {
    expect(isOpen(link, NOW)).toBe(true);
    expect(isOpen(link, new Date('2026-11-29T12:59:59Z'))).toBe(true);
    expect(isOpen(link, new Date('2026-11-29T13:00:00Z'))).toBe(false);
    expect(isOpen({ ...link, endedAt: NOW }, NOW)).toBe(false);
  });

  it('to a new password lasts an hour, one to confirm an address two days', () => {
    expect(linkExpiry('RESET_PASSWORD', NOW).toISOString()).toBe('2026-11-29T13:00:00.000Z');
    expect(linkExpiry('CONFIRM_EMAIL', NOW).toISOString()).toBe('2026-12-01T12:00:00.000Z');
  });
});
