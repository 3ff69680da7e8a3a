import { describe, expect, it } from 'vitest';
import { attached, canDismiss, isAttachable, stateOf, type ReviewedOrphan } from './orphan-review.js';
import { openSession } from './session.js';
import type { TransactionMessage } from './transaction-message.js';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 28, 12, minute));
const message = (over: Partial<TransactionMessage> = {}): TransactionMessage => ({
  kind: 'ENDED',
  protocol: 'ocpp1.6',
  transactionRef: '99',
  evseNumber: 0,
  connectorNumber: 0,
  at: at(30),
  deviceTime: at(30),
  receivedAt: at(31),
  trigger: '',
  offline: false,
  stoppedReason: 'EVDisconnected',
  ...over,
});
const session = openSession(
  { sessionId: 's-1', stationId: 'cp-1', transactionRef: '7', startKey: 'k' },
  message({ kind: 'STARTED', transactionRef: '', evseNumber: 1, at: at(0), stoppedReason: '' }),
  [],
);
const orphan = (over: Partial<ReviewedOrphan> = {}): ReviewedOrphan => ({
  id: 'o-1',
  stationId: 'cp-1',
  adoptedBy: undefined,
  dismissed: false,
  message: message(),
  ...over,
});

describe('a stop that is attached by hand', () => {
  it('ends the session as the station would have', () => {
    expect(attached(orphan(), session)?.end).toEqual({
      at: at(30),
      reason: 'EVDisconnected',
      inferred: false,
    });
  });

  it('changes nothing the second time', () => {
    expect(attached(orphan({ adoptedBy: 's-1' }), session)).toBeUndefined();
  });

  it('is one that was dismissed before, when somebody thinks again', () => {
    expect(attached(orphan({ dismissed: true }), session)?.end).toBeDefined();
  });

  it.each<[string, ReviewedOrphan, typeof session]>([
    ['SESSIONS_ORPHAN_ATTACHED', orphan({ adoptedBy: 's-2' }), session],
    ['SESSIONS_ORPHAN_ELSEWHERE', orphan({ stationId: 'cp-2' }), session],
    ['SESSIONS_ORPHAN_ELSEWHERE', orphan({ message: message({ at: at(-1) }) }), session],
    ['SESSIONS_ORPHAN_START', orphan({ message: message({ kind: 'STARTED' }) }), session],
    [
      'SESSIONS_SESSION_ENDED',
      orphan(),
      { ...session, end: { at: at(20), reason: 'Local', inferred: false } },
    ],
    ['SESSIONS_SESSION_ENDED', orphan(), { ...session, end: { at: at(20), reason: 'x', inferred: true } }],
  ])('is refused with %s where it does not belong', (code, kept, target) => {
    expect(() => attached(kept, target)).toThrow(expect.objectContaining({ code }));
  });
});

describe('a message under review', () => {
  it('can be attached to the open sessions of its station that began before it', () => {
    expect(isAttachable(orphan(), session)).toBe(true);
    expect(isAttachable(orphan({ stationId: 'cp-2' }), session)).toBe(false);
    expect(isAttachable(orphan({ message: message({ kind: 'STARTED' }) }), session)).toBe(false);
  });

  it('can be dismissed once, and not when it is part of a session', () => {
    expect(canDismiss(orphan())).toBe(true);
    expect(canDismiss(orphan({ dismissed: true }))).toBe(false);
    expect(() => canDismiss(orphan({ adoptedBy: 's-1' }))).toThrow(
      expect.objectContaining({ kind: 'CONFLICT' }),
    );
  });

  it('is open until one of both', () => {
    expect(stateOf({ adoptedBy: undefined, dismissed: false })).toBe('OPEN');
    expect(stateOf({ adoptedBy: undefined, dismissed: true })).toBe('DISMISSED');
    expect(stateOf({ adoptedBy: 's-1', dismissed: true })).toBe('ATTACHED');
  });
});
