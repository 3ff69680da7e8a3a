import { describe, expect, it } from 'vitest';
import { auditEntry, SYSTEM, type AuditEvent } from './audit.js';

const AT = new Date('2026-11-29T12:00:00Z');
const event = (over: Partial<AuditEvent> = {}): AuditEvent => ({
  tenant: 'demo',
  by: { kind: 'PERSON', id: 'p', address: '192.0.2.1' },
  action: 'account.switched_off',
  target: { kind: 'account', id: 'a' },
  ...over,
});

describe('an entry of the audit log', () => {
  it('says who, what, when, why and from where', () => {
    expect(auditEntry(event({ reason: ' left ', details: { from: 'ACTIVE' } }), 'id', AT)).toEqual({
      tenant: 'demo',
      id: 'id',
      occurredAt: AT,
      by: { kind: 'PERSON', id: 'p', address: '192.0.2.1' },
      action: 'account.switched_off',
      target: { kind: 'account', id: 'a' },
      reason: 'left',
      details: { from: 'ACTIVE' },
    });
  });

  it('fits its columns whatever somebody wrote', () => {
    const entry = auditEntry(
      event({ reason: `a\u0000${'b'.repeat(600)}`, by: { ...SYSTEM, address: 'x'.repeat(100) } }),
      'id',
      AT,
    );
    expect(entry.reason).toBe(`a\uFFFD${'b'.repeat(498)}`);
    expect(entry.by.address).toHaveLength(64);
  });

  it.each(['account', 'Account.created', 'account.', 'account.switched off'])(
    'is not called "%s"',
    (action) => {
      expect(() => auditEntry(event({ action }), 'id', AT)).toThrow('name of an action');
    },
  );
});
