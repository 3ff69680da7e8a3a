import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SampledValue } from './reading.js';
import { normalTransactionRef, sampleHash } from './reading-key.js';

const sample = (over: Partial<SampledValue> = {}): SampledValue => ({
  value: '1',
  context: 'Sample.Periodic',
  measurand: 'Voltage',
  phase: 'L1',
  location: 'Outlet',
  unit: 'V',
  multiplier: 0,
  signedData: '',
  ...over,
});

/** FNV-1a as its definition says, slow. */
function reference(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i += 1) {
    hash ^= BigInt(text.charCodeAt(i));
    hash = (hash * 0x100000001b3n) & ((1n << 64n) - 1n);
  }
  return BigInt.asIntN(64, hash);
}

describe('sample hash', () => {
  it('is 64-bit FNV-1a of the fields', () => {
    const one = sample();
    const text = ['1', 'Sample.Periodic', 'Voltage', 'L1', 'Outlet', 'V', 0, ''].join('\u001f');
    expect(sampleHash([one])).toBe(reference(text));
  });

  it('is that of the definition whatever stations write', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    const any = fc.record({ value: text, context: text, phase: text, unit: text, signedData: text });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 4 }), (parts) => {
        const samples = parts.map((part) => sample(part));
        const whole = samples.map((s) =>
          [s.value, s.context, s.measurand, s.phase, s.location, s.unit, s.multiplier, s.signedData].join(
            '\u001f',
          ),
        );
        expect(sampleHash(samples)).toBe(reference(whole.join('\u001e')));
      }),
    );
  });

  it('is equal for equal samples and differs when any field or the order does', () => {
    const base = sampleHash([sample(), sample({ phase: 'L2' })]);
    expect(sampleHash([sample(), sample({ phase: 'L2' })])).toBe(base);
    expect(sampleHash([sample({ phase: 'L2' }), sample()])).not.toBe(base);
    const changes: Partial<SampledValue>[] = [
      { value: '2' },
      { context: 'Transaction.End' },
      { measurand: 'SoC' },
      { phase: 'L3' },
      { location: 'EV' },
      { unit: 'kV' },
      { multiplier: 3 },
      { signedData: 'OCMF|' },
    ];
    const hashes = changes.map((change) => sampleHash([sample(change), sample({ phase: 'L2' })]));
    expect(new Set([base, ...hashes]).size).toBe(changes.length + 1);
  });
});

describe('transaction reference', () => {
  it('Q29: takes 0 and -1 as absent', () => {
    expect(['0', '-1', '', '12', 'a-b'].map(normalTransactionRef)).toEqual(['', '', '', '12', 'a-b']);
  });
});
