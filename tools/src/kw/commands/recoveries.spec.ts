import { describe, expect, it } from 'vitest';
import { recoveriesText } from './recoveries.js';

describe('recoveries on the command line', () => {
  it('show what was tried, and whether a person is needed', () => {
    const row = { connectorId: 'c-1', trouble: 'STUCK_FAULTED', foundAt: '2026-11-28T12:00:00.000Z' };
    const tries = [
      { step: 'TRIGGER_STATUS', outcome: 'ACCEPTED' },
      { step: 'AVAILABILITY_CYCLE', outcome: null },
    ];
    const text = recoveriesText([
      { ...row, state: 'TRYING', tries },
      { ...row, state: 'PERSON', tries: [] },
    ]);
    expect(text.split('\n').slice(-2)).toEqual([
      'c-1        2026-11-28T12:00:00.000Z  stuck faulted  trying          trigger status: accepted, availability cycle: under way',
      'c-1        2026-11-28T12:00:00.000Z  stuck faulted  needs a person  -',
    ]);
  });

  it('say so when there were none', () => {
    expect(recoveriesText([])).toBe('no connector needed help');
  });
});
