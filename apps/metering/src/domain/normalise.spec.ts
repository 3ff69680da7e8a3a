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

  describe('phases and locations', () => {
    const register = (over: Partial<SampledValue>) => sample({ unit: 'kWh', ...over });

    it('Q35: counts a phase once, whatever it is called and however often it is told', () => {
      const told = [
        register({ phase: 'L1', value: '1' }),
        register({ phase: 'L1-N', value: '1' }),
        register({ phase: 'L1', value: '1' }),
        register({ phase: 'L2-N', value: '2' }),
        register({ phase: 'N', value: '50' }),
        register({ phase: 'L1-L2', value: '70' }),
      ];
      expect(normalise(told)).toEqual([
        { context: 'PERIODIC', energyImportMwh: 3_000_000, deviations: ['register_per_phase'] },
      ]);
    });

    it('keeps the first of two different values of one thing, and says so', () => {
      expect(normalise([register({ value: '7' }), register({ value: '8' })])).toEqual([
        { context: 'PERIODIC', energyImportMwh: 7_000_000, deviations: ['value_given_twice'] },
      ]);
      expect(
        normalise([register({ phase: 'L1', value: '7' }), register({ phase: 'L1-N', value: '8' })])[0],
      ).toMatchObject({
        energyImportMwh: 7_000_000,
        deviations: ['register_per_phase', 'value_given_twice'],
      });
    });

    const places: [string, Partial<SampledValue>[], object][] = [
      [
        'the outlet, though the inlet comes last',
        [{ value: '10' }, { value: '11', location: 'Inlet' }],
        { energyImportMwh: 10_000_000, deviations: [] },
      ],
      [
        'the outlet, though the inlet comes first',
        [
          { value: '11', location: 'Inlet' },
          { value: '10', location: '' },
        ],
        { energyImportMwh: 10_000_000, deviations: [] },
      ],
      [
        'the cable before inlet and body',
        [
          { value: '12', location: 'Body' },
          { value: '11', location: 'Inlet' },
          { value: '10', location: 'Cable' },
        ],
        { energyImportMwh: 10_000_000, deviations: ['not_at_outlet'] },
      ],
      [
        'the phases at the outlet before a total at the inlet',
        [
          { value: '11', location: 'Inlet' },
          { value: '4', phase: 'L1' },
          { value: '5', phase: 'L2' },
        ],
        { energyImportMwh: 9_000_000, deviations: ['register_per_phase'] },
      ],
      [
        'what is known before what no specification names',
        [
          { value: '13', location: 'Roof' },
          { value: '12', location: 'Body' },
        ],
        { energyImportMwh: 12_000_000, deviations: ['not_at_outlet'] },
      ],
      [
        'never what the car says of its energy',
        [{ value: '9', location: 'EV' }, { value: '10' }],
        { energyImportMwh: 10_000_000, deviations: [] },
      ],
      [
        'nothing when the car alone says it',
        [{ value: '9', location: 'EV' }],
        { deviations: ['measured_by_car'] },
      ],
    ];
    it.each(places)('takes %s', (_name, samples, expected) => {
      expect(normalise(samples.map(register))).toEqual([{ context: 'PERIODIC', ...expected }]);
    });

    it('believes the car about its state of charge before anybody else', () => {
      const soc = (value: string, location: string) =>
        sample({ measurand: 'SoC', unit: 'Percent', value, location });
      expect(normalise([soc('50', 'Outlet'), soc('51.5', 'EV')])[0]).toMatchObject({ socPercent: 51.5 });
    });
  });

  it('reads intervals and export; intervals of the clock are a series of their own', () => {
    const interval = (value: string, context: string) =>
      sample({ measurand: 'Energy.Active.Import.Interval', value, context });
    expect(
      normalise([
        interval('120', 'Sample.Periodic'),
        interval('900', 'Sample.Clock'),
        sample({ measurand: 'Energy.Active.Export.Interval', value: '30' }),
        sample({ measurand: 'Power.Active.Export', unit: 'kW', value: '1.5' }),
      ]),
    ).toEqual([
      {
        context: 'PERIODIC',
        energyIntervalMwh: 120_000,
        clockIntervalMwh: 900_000,
        exportIntervalMwh: 30_000,
        powerExportW: 1_500,
        deviations: [],
      },
    ]);
  });

  it('rounds what a unit cannot hold half up, once, after phases are summed', () => {
    const watts = (phase: string, value: string) =>
      sample({ measurand: 'Power.Active.Import', unit: 'W', phase, value });
    expect(normalise([watts('L1', '0.4'), watts('L2', '0.4'), watts('L3', '0.7')])[0]?.powerW).toBe(2);
    expect(normalise([sample({ value: '123456789.1234567' })])[0]?.energyImportMwh).toBe(123_456_789_123);
    expect(normalise([sample({ value: '-12.5' })])[0]?.energyImportMwh).toBe(-12_500);
  });

  describe('a value that is signed only', () => {
    const ocmf = (...readings: object[]) =>
      `OCMF|${JSON.stringify({ FV: '1.0', PG: 'T1', RD: readings })}|{"SD":"3045"}`;
    const both = ocmf(
      { TM: '2026-01-01T10:00:00,000+0000 S', TX: 'B', RV: 100.5, RI: '1-b:1.8.0', RU: 'kWh', ST: 'G' },
      { TM: '2026-01-01T11:00:00,000+0000 S', TX: 'E', RV: 112.25, ST: 'G' },
    );
    const signed = (signedData: string, context = 'Sample.Periodic') =>
      normalise([sample({ value: '', unit: '', signedData, context })])[0];

    it('counts as what is in it, and says that nothing else was given', () => {
      expect(signed(both, 'Transaction.Begin')).toEqual({
        context: 'BEGIN',
        energyImportMwh: 100_500_000,
        deviations: ['signed_only'],
      });
      expect(signed(both, 'Transaction.End')).toMatchObject({ energyImportMwh: 112_250_000 });
      expect(signed(both)).toMatchObject({ energyImportMwh: 112_250_000 });
    });

    it('may be in base64, or in the object that OCPP 2.x wraps around it', () => {
      const base64 = Buffer.from(both).toString('base64');
      expect(signed(base64)).toMatchObject({ energyImportMwh: 112_250_000 });
      const wrapped = JSON.stringify({ signedMeterData: base64, encodingMethod: 'OCMF' });
      expect(signed(wrapped)).toMatchObject({ energyImportMwh: 112_250_000 });
    });

    it('keeps the digits of a long register', () => {
      const long = '12345678.901234';
      const payload = `OCMF|{"RD":[{"TX":"B","RV":${long},"RI":"1-0:1.8.0*255","RU":"kWh"}]}|{"SD":"00"}`;
      expect(signed(payload)).toMatchObject({ energyImportMwh: 12_345_678_901_234 });
    });

    it.each([
      'OCMF|{"RD":[{"RV":5,"RI":"1-b:2.8.0","RU":"kWh"}]}|{}',
      'OCMF|not json|{}',
      'OCMF|',
      '<signedMeterValue/>',
      '{"signedMeterData":7}',
      'T0NNRg==',
    ])('is said to be unreadable when it is: %s', (text) => {
      expect(signed(text)).toEqual({ context: 'PERIODIC', deviations: ['signed_value_unreadable'] });
    });

    it('does not replace a plain value', () => {
      expect(normalise([sample({ value: '7', signedData: both })])[0]).toEqual({
        context: 'PERIODIC',
        energyImportMwh: 7_000,
        deviations: [],
      });
    });
  });
});
