import { describe, expect, it } from 'vitest';
import { NO_AUDIT_FILTER, actionText, actorText, auditFilter, detailRows } from './audit-words.js';

describe('an entry of the audit log', () => {
  it('says what happened in words', () => {
    expect(actionText('account.switched_off')).toBe('Account: switched off');
    expect(actionText('machine_client.secret_rotated')).toBe('Machine client: secret rotated');
    expect(actionText('odd')).toBe('Odd');
  });

  it('says who did it', () => {
    expect(actorText({ actorKind: 'PERSON', actorId: 'a-1' })).toBe('Person a-1');
    expect(actorText({ actorKind: 'NOBODY', actorId: null })).toBe('Somebody who had not signed in');
    expect(actorText({ actorKind: 'ROBOT' as never, actorId: null })).toBe('Somebody');
  });

  it('lists its details whatever they are', () => {
    expect(detailRows({ from: 'ACTIVE', ended_sessions: 2, scopes: ['a'] })).toEqual([
      ['From', 'ACTIVE'],
      ['Ended sessions', '2'],
      ['Scopes', '["a"]'],
    ]);
    expect(detailRows(null)).toEqual([]);
    expect(detailRows('text')).toEqual([]);
  });
});

describe('the filter of the audit log', () => {
  it('is empty for an empty form', () => {
    expect(Object.values(auditFilter(NO_AUDIT_FILTER))).toEqual([null, null, null, null, null, null]);
  });

  it('takes names as they are meant', () => {
    const form = {
      ...NO_AUDIT_FILTER,
      action: ' Account.Switched_Off ',
      actorId: ' a-1 ',
      targetKind: 'token',
    };
    expect(auditFilter(form)).toMatchObject({
      action: 'account.switched_off',
      actorId: 'a-1',
      targetKind: 'token',
    });
  });

  it('takes whole days where the reader is, the last one included', () => {
    const { since, until } = auditFilter({ ...NO_AUDIT_FILTER, from: '2026-03-02', to: '2026-03-31' });
    expect(since).toBe(new Date(2026, 2, 2).toISOString());
    expect(until).toBe(new Date(2026, 3, 1).toISOString());
    expect(auditFilter({ ...NO_AUDIT_FILTER, from: 'yesterday' }).since).toBeNull();
  });
});
