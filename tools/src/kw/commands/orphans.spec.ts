import { describe, expect, it } from 'vitest';
import { decidedText, orphansText, type OrphanRow } from './orphans.js';

const row = (over: Partial<OrphanRow> = {}): OrphanRow => ({
  id: 'o-1',
  kind: 'ENDED',
  reason: 'UNKNOWN_TRANSACTION',
  state: 'OPEN',
  transactionId: '99',
  occurredAt: '2026-11-28T12:00:00.000Z',
  station: { identity: 'CP-1' },
  session: null,
  attachableTo: [],
  ...over,
});

describe('messages without a session on the command line', () => {
  it('show the sessions that each may belong to', () => {
    const text = orphansText([row({ attachableTo: [{ id: 's-1' }, { id: 's-2' }] }), row({ id: 'o-2' })], 2);
    expect(text.split('\n').slice(-2)).toEqual([
      'o-1  2026-11-28T12:00:00.000Z  CP-1     ENDED  unknown transaction  s-1 s-2',
      'o-2  2026-11-28T12:00:00.000Z  CP-1     ENDED  unknown transaction  -',
    ]);
  });

  it('say how many more there are, or that there are none', () => {
    expect(orphansText([row()], 7)).toMatch(/\n6 more$/);
    expect(orphansText([], 0)).toBe('nothing waits');
  });

  it('say what was decided', () => {
    expect(decidedText(row({ state: 'ATTACHED', session: { id: 's-1' } }))).toBe(
      'ENDED of CP-1: attached to s-1',
    );
    expect(decidedText(row({ state: 'DISMISSED' }))).toBe('ENDED of CP-1: dismissed');
  });
});
