import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimedReading } from '../reading.js';
import { sessionEnergy } from '../session-energy.js';
import { withSignedRegisters } from './signed-registers.js';
import type { SignedSession } from './signed-session.js';

const START = Date.UTC(2026, 10, 29, 10);
const minute = (n: number) => new Date(START + n * 60_000);
const NO_LIMIT = { maxPowerW: 0 };

function signed(
  beginMwh: number,
  endMwh: number,
  verdict: SignedSession['verdict'] = 'VERIFIED',
): SignedSession {
  const record = (at: number) => ({
    measuredAt: minute(at),
    verdict: 'VERIFIED' as const,
    reason: undefined,
    ocmf: `OCMF|${at}`,
    claimedKey: '',
    record: undefined,
    key: undefined,
  });
  return { verdict, reasons: [], beginMwh, endMwh, records: [record(0), record(60)] };
}
const register = (context: TimedReading['context'], at: number, wh: number): TimedReading => ({
  context,
  at: minute(at),
  energyImportMwh: wh * 1_000,
  deviations: [],
});
const PLAIN = [
  register('BEGIN', 0, 100_003),
  register('PERIODIC', 30, 105_000),
  register('END', 60, 110_007),
];

describe('signed registers', () => {
  it('take the place of the plain ones, which only spread the energy over time', () => {
    const energy = sessionEnergy(withSignedRegisters(PLAIN, signed(100_000_000, 110_010_000)), NO_LIMIT);
    expect(energy).toMatchObject({
      energyMwh: 10_010_000,
      verdict: 'MEASURED',
      beginMwh: 100_000_000,
      endMwh: 110_010_000,
    });
    expect(energy.deviations).toEqual([]);
  });

  it('are enough by themselves', () => {
    const energy = sessionEnergy(withSignedRegisters([], signed(5_000_000, 7_500_000)), NO_LIMIT);
    expect(energy).toMatchObject({ energyMwh: 2_500_000, verdict: 'MEASURED' });
  });

  it.each(['FAILED', 'UNKNOWN_KEY', 'INCOMPLETE', 'UNSIGNED'] as const)(
    'change nothing when they are %s',
    (verdict) => {
      expect(withSignedRegisters(PLAIN, signed(1, 2, verdict))).toBe(PLAIN);
    },
  );

  it('bill what they say, whatever the plain registers of the session say', () => {
    fc.assert(
      fc.property(
        fc.nat(1_000_000),
        fc.nat(100_000),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 59 }), fc.nat(2_000_000)), { maxLength: 8 }),
        (beginWh, usedWh, samples) => {
          const between = samples
            .sort(([a, x], [b, y]) => a - b || x - y)
            .map(([at], i) =>
              register('PERIODIC', at, samples.map(([, wh]) => wh).sort((a, b) => a - b)[i]!),
            );
          const readings = withSignedRegisters(between, signed(beginWh * 1_000, (beginWh + usedWh) * 1_000));
          const energy = sessionEnergy(readings, NO_LIMIT);
          expect(energy.energyMwh).toBe(usedWh * 1_000);
          expect(energy.intervals.reduce((sum, one) => sum + one.energyMwh, 0)).toBe(usedWh * 1_000);
        },
      ),
    );
  });
});
