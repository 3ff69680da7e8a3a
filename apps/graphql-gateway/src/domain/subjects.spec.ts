import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { subjectsOf, type Listener } from './subjects.js';
import { BRIDGES, type Bridge } from './subscription-rewrite.js';

const bridge = (name: string) => BRIDGES[name] as Bridge;
const anna: Listener = { accountId: 'anna', tenant: 'demo', hearsOperators: false };

describe('subjectsOf', () => {
  it('names the object, in the tenant of the listener', () => {
    expect(subjectsOf(bridge('sessionUpdated'), anna, 's1')).toEqual(['live.session.demo.s1']);
    expect(subjectsOf(bridge('stationUpdated'), anna, 'st1')).toEqual(['live.station.demo.st1']);
  });

  it('gives drivers their own alerts, and operators those of all operators too', () => {
    expect(subjectsOf(bridge('alertRaised'), anna, undefined)).toEqual(['live.alert.demo.anna']);
    const olga = { ...anna, hearsOperators: true };
    expect(subjectsOf(bridge('alertRaised'), olga, undefined)).toEqual([
      'live.alert.demo.anna',
      'live.alert.demo.operators',
    ]);
  });

  it('never makes a subject of more words, or with a wildcard', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        try {
          const [subject] = subjectsOf(bridge('sessionUpdated'), anna, id);
          expect(subject).toMatch(/^live\.session\.demo\.[^.*>\s]+$/);
        } catch (error) {
          expect(error).toMatchObject({ kind: 'NOT_FOUND' });
        }
      }),
    );
  });
});
