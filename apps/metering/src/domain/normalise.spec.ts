import { describe, expect, it } from 'vitest';
import { normalise } from './normalise.js';
import type { SampledValue } from './reading.js';

const sample = (over: Partial<SampledValue> = {}): SampledValue => ({
  value: '1000',
  context: 'Sample.Periodic',
  measurand: 'Energy.Active.Import.Register',
  phase: '',
  location: 'Outlet',
  unit: 'Wh',
  multiplier: 0,
  signedData: '',
  ...over,
});

describe('normalise', () => {
  const units: [string, Partial<SampledValue>, object][] = [
    ['Wh', { value: '1234.5' }, { energyImportMwh: 1_234_500 }],
    ['kWh', { value: '20.45', unit: 'kWh' }, { energyImportMwh: 20_450_000 }],
    ['Wh with a multiplier', { value: '20.45', multiplier: 3 }, { energyImportMwh: 20_450_000 }],
    ['W', { value: '7360', measurand: 'Power.Active.Import', unit: 'W' }, { powerW: 7360 }],
    ['kW', { value: '7.36', measurand: 'Power.Active.Import', unit: 'kW' }, { powerW: 7360 }],
    ['A', { value: '16.25', measurand: 'Current.Import', unit: 'A' }, { currentMa: 16_250 }],
    ['V', { value: '230.1', measurand: 'Voltage', unit: 'V' }, { voltageMv: 230_100 }],
    ['percent', { value: '55.5', measurand: 'SoC', unit: 'Percent' }, { socPercent: 55.5 }],
    ['export register', { measurand: 'Energy.Active.Export.Register' }, { energyExportMwh: 1_000_000 }],
  ];
  it.each(units)('reads %s', (_name, over, expected) => {
    expect(normalise([sample(over)])).toEqual([{ context: 'PERIODIC', deviations: [], ...expected }]);
  });

  it('Q35: sums phases only when the station gives no total', () => {
    const power = (phase: string, value: string) =>
      sample({ measurand: 'Power.Active.Import', unit: 'W', phase, value });
    expect(normalise([power('L1', '1000'), power('L2', '1100'), power('L3', '900')])[0]?.powerW).toBe(3000);
    expect(normalise([power('L1', '1000'), power('', '3050'), power('L2', '1100')])[0]?.powerW).toBe(3050);
  });

  it('takes the mean of phase voltages and ignores line-to-line ones', () => {
    const volt = (phase: string, value: string) => sample({ measurand: 'Voltage', unit: 'V', phase, value });
    const [reading] = normalise([volt('L1-N', '230'), volt('L2-N', '232'), volt('L1-L2', '400')]);
    expect(reading?.voltageMv).toBe(231_000);
  });

  it('takes the largest phase current, which is what a fuse sees', () => {
    const amps = (phase: string, value: string) =>
      sample({ measurand: 'Current.Import', unit: 'A', phase, value });
    expect(normalise([amps('L1', '10'), amps('L2', '16'), amps('N', '20')])[0]?.currentMa).toBe(16_000);
  });

  it('wire: repeated samples: libocpp says Wh of a current, which stays a current and is noted', () => {
    const [reading] = normalise([sample({ measurand: 'Current.Import', unit: 'Wh', value: '9.5' })]);
    expect(reading).toMatchObject({ currentMa: 9_500, deviations: ['unit_of_other_measurand'] });
  });

  it('Q13: ignores what is no number or no known measurand, and says so', () => {
    const [reading] = normalise([sample({ value: 'abc' }), sample({ measurand: 'Request.Energy' })]);
    expect(reading).toEqual({ context: 'PERIODIC', deviations: ['unknown_measurand', 'value_not_a_number'] });
  });

  it('Q34: goes by the unit that is written, Wh by default, and notes energy on a power', () => {
    const unit = (parts: Partial<SampledValue>) => normalise([sample({ value: '7.4', ...parts })])[0];
    expect(unit({ unit: 'kWh' })).toMatchObject({ energyImportMwh: 7_400_000, deviations: [] });
    expect(unit({ unit: '' })).toMatchObject({ energyImportMwh: 7_400, deviations: [] });
    expect(unit({ measurand: 'Power.Active.Import', unit: 'Wh' })).toMatchObject({
      powerW: 7,
      deviations: ['unit_of_other_measurand'],
    });
  });

  it('Q35: sums the registers of the phases, and says that it did', () => {
    const phase = (name: string, value: string) => sample({ phase: name, value });
    const perPhase = [phase('L1', '100'), phase('L2', '200'), phase('L3', '300')];
    expect(normalise(perPhase)[0]).toMatchObject({
      energyImportMwh: 600_000,
      deviations: ['register_per_phase'],
    });
    expect(normalise([...perPhase, phase('', '601')])[0]).toMatchObject({
      energyImportMwh: 601_000,
      deviations: [],
    });
  });

  it('Q35: takes the one phase that a total is tagged with for the total', () => {
    expect(normalise([sample({ phase: 'L1', value: '100' })])[0]).toMatchObject({ energyImportMwh: 100_000 });
  });

  it('wire: mixed numbers: a total voltage wins over its phases, whole and decimal numbers mix', () => {
    const volt = (value: string, phase = '') => sample({ measurand: 'Voltage', unit: 'V', value, phase });
    const [reading] = normalise([sample({ value: '10990.00' }), volt('230'), volt('229', 'L1-N')]);
    expect(reading).toMatchObject({ energyImportMwh: 10_990_000, voltageMv: 230_000 });
  });

  it('refuses numbers larger than any register', () => {
    expect(normalise([sample({ value: '1e15', unit: 'kWh' })])[0]).toEqual({
      context: 'PERIODIC',
      deviations: ['value_out_of_range'],
    });
  });

  it('splits one meter value with several contexts', () => {
    const readings = normalise([
      sample({ context: 'Transaction.Begin', value: '10' }),
      sample({ context: 'Transaction.End', value: '20' }),
      sample({ context: 'Sample.Periodic', value: '15' }),
    ]);
    expect(readings.map((reading) => [reading.context, reading.energyImportMwh])).toEqual([
      ['BEGIN', 10_000],
      ['END', 20_000],
      ['PERIODIC', 15_000],
    ]);
  });

  it.each<[string, Partial<SampledValue>]>([
    ['power', { measurand: 'Power.Active.Import', unit: 'W' }],
    ['current', { measurand: 'Current.Import', unit: 'A' }],
    ['voltage', { measurand: 'Voltage', unit: 'V' }],
  ])('leaves out a %s that no meter can show, and keeps the register beside it', (_name, over) => {
    const [reading] = normalise([sample(), sample({ ...over, value: '4294967295' })]);
    expect(reading).toEqual({
      context: 'PERIODIC',
      energyImportMwh: 1_000_000,
      deviations: ['value_out_of_range'],
    });
  });

  it.each([2_000_000_000, -2_000_000_000])('does not calculate with a multiplier of %s', (multiplier) => {
    const phase = (name: string, over: Partial<SampledValue>) =>
      sample({ measurand: 'Power.Active.Import', unit: 'W', phase: name, ...over });
    expect(normalise([phase('L1', { multiplier }), phase('L2', { value: '7' })])).toEqual([
      { context: 'PERIODIC', powerW: 7, deviations: ['value_out_of_range'] },
    ]);
  });
});
