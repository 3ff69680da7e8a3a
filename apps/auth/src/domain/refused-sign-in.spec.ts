import { describe, expect, it } from 'vitest';
import { isComplete, minuteOf, refusalEvent } from './refused-sign-in.js';

const at = (text: string) => new Date(`2026-03-01T10:${text}Z`);

describe('a refused sign-in', () => {
  it('belongs to its minute, which is complete when it is over and all have written', () => {
    expect(minuteOf(at('05:59.999'))).toEqual(at('05:00'));
    expect(minuteOf(at('05:00'))).toEqual(at('05:00'));
    expect([at('05:59'), at('06:04'), at('06:05')].map((now) => isComplete(at('05:00'), now))).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('is an entry of nobody, about the account if there is one', () => {
    const refused = { tenant: 'demo', minute: at('05:00'), address: '', why: 'LOCKED', times: 3 } as const;
    expect(refusalEvent({ ...refused, target: undefined })).toEqual({
      tenant: 'demo',
      by: { kind: 'NOBODY', id: '', address: undefined },
      action: 'sign_in.refused',
      target: { kind: 'sign_in', id: '' },
      details: { why: 'LOCKED', times: 3 },
    });
    const target = { kind: 'account', id: 'a1' } as const;
    expect(refusalEvent({ ...refused, address: '192.0.2.1', target })).toMatchObject({
      by: { address: '192.0.2.1' },
      target,
    });
  });
});
