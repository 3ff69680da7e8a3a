import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalise } from './normalise.js';
import { sampleHash } from './reading-key.js';
import type { SampledValue } from './reading.js';
import { sampleForm, SampleForms } from './sample-form.js';
import { CONTEXTS, LOCATIONS, MEASURANDS, PHASES, samplesText, UNITS } from './sample-text.js';

const word = (words: readonly string[]) => fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 5 }));
const value = fc.oneof(
  fc.nat().map(String),
  fc.double({ noNaN: true, min: -1e6, max: 1e6 }).map((number) => number.toFixed(3)),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const sample: fc.Arbitrary<SampledValue> = fc.record({
  value,
  context: word(CONTEXTS),
  measurand: word(MEASURANDS),
  phase: word(PHASES),
  location: word(LOCATIONS),
  unit: word(UNITS),
  multiplier: fc.constantFrom(0, 0, 3, -3),
  signedData: fc.constantFrom('', '', '', 'OCMF|{}|{}'),
});
const samples = fc.array(sample, { minLength: 1, maxLength: 8 });

describe('the form of samples', () => {
  it('reads and keys them as they are read and keyed without it, whatever was met before', () => {
    const forms = new SampleForms();
    fc.assert(
      fc.property(samples, (told) => {
        const { plans, between } = forms.of(told);
        expect(normalise(told, plans)).toEqual(normalise(told));
        expect(sampleHash(told, between)).toBe(sampleHash(told));
      }),
    );
  });

  it('is that of other samples only when all their words are the same', () => {
    fc.assert(
      fc.property(samples, samples, (one, other) => {
        const forms = new SampleForms();
        const kindsOf = (told: readonly SampledValue[]) => sampleForm(told).kinds;
        const [first, second] = [forms.of(one), forms.of(other)];
        expect(first === second).toBe(JSON.stringify(kindsOf(one)) === JSON.stringify(kindsOf(other)));
        expect(second.kinds).toEqual(kindsOf(other));
        expect(forms.of(one.map((said) => ({ ...said, value: '7', signedData: '' })))).toBe(first);
      }),
    );
  });

  it('is forgotten when many others were met, not when it is met with them', () => {
    const of = (unit: number | string): SampledValue[] => [
      { value: '', context: '', measurand: '', phase: '', location: '', multiplier: 0, signedData: '', unit: String(unit) }, // prettier-ignore
    ];
    const forms = new SampleForms();
    const [often, seldom] = [forms.of(of('often')), forms.of(of('seldom'))];
    for (let i = 0; i < 100; i += 1) {
      forms.of(of(i));
      expect(forms.of(of('often'))).toBe(often);
    }
    expect(forms.of(of('seldom'))).not.toBe(seldom);
    // As long as a message may be: kept of nobody.
    const long = of('x'.repeat(65));
    expect(forms.of(long)).not.toBe(forms.of(long));
    expect(forms.of(long)).toEqual(sampleForm(long));
  });
});

describe('the text of samples', () => {
  const one = (over: Partial<SampledValue>): SampledValue => ({
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
  const textOf = (...told: SampledValue[]) => {
    const { codes } = sampleForm(told);
    return codes && samplesText(told, codes);
  };

  it('is codes and values; what rows hold stays as it is', () => {
    expect(textOf(one({}), one({ measurand: 'Voltage', phase: 'L1-N', unit: 'V', value: '230.10' }))).toBe(
      '11011:1000;15516:230.10',
    );
    expect(textOf(one({ multiplier: -3 }))).toBe('11011-3:1000');
  });

  it('is there for words of the lists and plain values alone', () => {
    expect(textOf(one({ value: '' }))).toBe('11011:');
    for (const over of [
      { unit: 'wh' },
      { context: 'constructor' },
      { value: '1;2' },
      { value: '1\n' },
      { value: 'é' },
      { value: '1'.repeat(41) },
      { signedData: 'x' },
      { signedEncoding: 'OCMF' },
      { signedPublicKey: 'x' },
    ])
      expect(textOf(one({}), one(over))).toBeUndefined();
  });

  it('tells all samples apart that have one', () => {
    fc.assert(
      fc.property(samples, samples, (some, others) => {
        const [a, b] = [textOf(...some), textOf(...others)];
        if (a !== undefined && a === b) expect(some).toEqual(others);
      }),
    );
  });
});
