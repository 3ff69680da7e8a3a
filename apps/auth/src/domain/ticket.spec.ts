import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTicket, ticketText, type Ticket } from './ticket.js';

const KEY = Buffer.alloc(32, 1);
const NOW = new Date('2026-11-29T12:00:00Z');
const ticket: Ticket = {
  kind: 'second-factor',
  tenant: 'demo',
  accountId: 'a1',
  issuedAt: NOW,
  expiresAt: new Date('2026-11-29T12:05:00Z'),
  nonce: 'n',
};
const text = ticketText(ticket, KEY);

describe('a ticket', () => {
  it('says what was put into it, whatever that is', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (tenant, accountId, nonce) => {
        const made = { ...ticket, tenant, accountId, nonce };
        fc.pre(ticketText(made, KEY).length <= 1_000);
        expect(readTicket(ticketText(made, KEY), 'second-factor', KEY, NOW)).toEqual(made);
      }),
    );
  });

  it.each([
    ['of another kind', text, 'passkey', KEY, NOW],
    ['made with another key', text, 'second-factor', Buffer.alloc(32, 2), NOW],
    ['in the moment it expires', text, 'second-factor', KEY, ticket.expiresAt],
    ['with a changed body', `x${text.slice(1)}`, 'second-factor', KEY, NOW],
    ['without a proof', text.split('.')[0]!, 'second-factor', KEY, NOW],
    ['with something after it', `${text}.x`, 'second-factor', KEY, NOW],
    ['that is a giant', 'a'.repeat(1_001), 'second-factor', KEY, NOW],
    ['that is empty', '', 'second-factor', KEY, NOW],
  ])('%s is none', (_what, given, kind, key, now) => {
    expect(readTicket(given, kind, key, now)).toBeUndefined();
  });
});
