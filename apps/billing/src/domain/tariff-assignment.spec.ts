import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ASSIGNMENT_SCOPES,
  assignedTariff,
  checkAssignment,
  type AssignmentScope,
  type TariffAssignment,
} from './tariff-assignment.js';

const at = (hour: number) => new Date(Date.UTC(2026, 10, 29, hour));
const FACTS = { TOKEN: 'token', DRIVER: 'driver', STATION: 'station', LOCATION: 'location' };
const NOTHING = { TOKEN: undefined, DRIVER: undefined, STATION: undefined, LOCATION: undefined };

const assignment = (scope: AssignmentScope, over: Partial<TariffAssignment> = {}): TariffAssignment => ({
  id: `A-${scope}`,
  tariffId: `T-${scope}`,
  scope,
  ref: scope === 'GROUP' ? 'group' : FACTS[scope],
  validFrom: at(0),
  validUntil: undefined,
  ...over,
});

describe('the tariff of a session', () => {
  it('is that of the token, else of the driver, the station, the location', () => {
    const scopes = ASSIGNMENT_SCOPES.filter((scope) => scope !== 'GROUP');
    let held = scopes.map((scope) => assignment(scope)).reverse();
    for (const scope of scopes) {
      expect(assignedTariff(held, FACTS, at(12))?.tariffId).toBe(`T-${scope}`);
      held = held.filter((one) => one.scope !== scope);
    }
    expect(assignedTariff(held, FACTS, at(12))).toBeUndefined();
  });

  it('is never that of somebody or something else, nor of what is not known', () => {
    const held = ASSIGNMENT_SCOPES.map((scope) => assignment(scope, { ref: 'another' }));
    expect(assignedTariff(held, FACTS, at(12))).toBeUndefined();
    const unnamed = ASSIGNMENT_SCOPES.map((scope) => assignment(scope, { ref: '' }));
    expect(assignedTariff(unnamed, NOTHING, at(12))).toBeUndefined();
    expect(assignedTariff(unnamed, { ...NOTHING, TOKEN: '' }, at(12))).toBeUndefined();
  });

  it.each([
    ['before it begins', 5, undefined],
    ['from the moment it begins', 6, 'T-STATION'],
    ['until the moment it ends', 9, 'T-STATION'],
    ['from the moment it ends', 10, undefined],
  ])('%s', (_what, hour, expected) => {
    const held = [assignment('STATION', { validFrom: at(6), validUntil: at(10) })];
    expect(assignedTariff(held, FACTS, at(hour))?.tariffId).toBe(expected);
  });
});

describe('an assignment', () => {
  const wanted = (from: number, until?: number) =>
    assignment('STATION', { validFrom: at(from), validUntil: until === undefined ? undefined : at(until) });

  it.each<[string, TariffAssignment, TariffAssignment]>([
    ['in it', wanted(6, 8), wanted(5, 9)],
    ['around it', wanted(5, 9), wanted(6, 8)],
    ['over its end', wanted(6, 10), wanted(5, 9)],
    ['without an end after it', wanted(6), wanted(8)],
    ['two without an end', wanted(8), wanted(6)],
  ])('that overlaps another is refused, and says with what: %s', (_what, one, other) => {
    expect(() => checkAssignment(one, [other])).toThrow(/Tariff T-STATION is assigned there from 2026/);
  });

  it.each<[string, TariffAssignment, TariffAssignment]>([
    ['begins when the other ends', wanted(9), wanted(5, 9)],
    ['ends when the other begins', wanted(5, 9), wanted(9)],
    ['is of another station', wanted(5), assignment('STATION', { ref: 'other' })],
    ['is of another kind', wanted(5), assignment('LOCATION', { ref: 'station' })],
  ])('is taken when it %s', (_what, one, other) => {
    expect(() => checkAssignment(one, [other])).not.toThrow();
  });

  it('must end after it begins', () => {
    expect(() => checkAssignment(wanted(9, 9), [])).toThrow(/end after it begins/);
  });

  it('leaves at most one for each moment, whatever was tried', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(20), fc.option(fc.nat(20))), { maxLength: 15 }),
        fc.nat(20),
        (tried, hour) => {
          const held: TariffAssignment[] = [];
          for (const [index, [from, until]] of tried.entries()) {
            const one = { ...wanted(from, until ?? undefined), id: `A-${index}` };
            try {
              checkAssignment(one, held);
              held.push(one);
            } catch {
              // Refused, as it must be.
            }
          }
          const valid = held.filter((one) => assignedTariff([one], FACTS, at(hour)) !== undefined);
          expect(valid.length).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
