import type { Reading } from '@kilowatch/ocpp';
import { describe, expect, it } from 'vitest';
import { meterSets, type MeterSource } from './meter-sets.js';

const source: MeterSource = {
  tenant: 'demo',
  stationId: 's1',
  evseNumber: 2,
  connectorNumber: null,
  transactionRef: null,
  receivedAt: new Date('2026-01-01T10:00:01Z'),
  deviations: ['over_long'],
};
const reading = (at: string, rawValue: string): Reading => ({
  measuredAt: new Date(at),
  context: 'Sample.Periodic',
  measurand: 'Power.Active.Import',
  phase: null,
  location: 'Outlet',
  unit: 'kW',
  multiplier: 0,
  rawValue,
  signed: null,
});

describe('meterSets', () => {
  it('puts the samples of one instant together and keeps their text', () => {
    const sets = meterSets(source, [
      reading('2026-01-01T10:00:00Z', '10.50'),
      reading('2026-01-01T10:01:00Z', '11'),
      reading('2026-01-01T10:00:00Z', '3'),
    ]);
    expect(sets.map((set) => set.samples.map(({ value }) => value))).toEqual([['10.50', '3'], ['11']]);
    expect(sets[0]).toMatchObject({
      evseNumber: 2,
      connectorNumber: 0,
      transactionRef: '',
      deviations: ['over_long'],
    });
  });

  it('gives no set for a message without samples', () => {
    expect(meterSets(source, [])).toEqual([]);
  });
});
