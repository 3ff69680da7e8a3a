import { metering } from '@kilowatch/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReadingsDecoder } from './readings-decoder.js';

const { RecordReadingsRequest, SampledValue } = metering;

const text = fc.oneof(
  fc.constantFrom('', 'Sample.Periodic', 'Wh', 'Voltage', 'Outlet'),
  // What a text decoder takes for a mark of its own is dropped by one and kept by the other.
  fc.string({ unit: 'binary', maxLength: 12 }).filter((any) => !any.startsWith('\uFEFF')),
);
const long = fc.string({ minLength: 120, maxLength: 300 });
const int32 = fc.integer();
const sample = fc.record({
  value: fc.oneof({ weight: 9, arbitrary: text }, long),
  context: text,
  measurand: text,
  phase: text,
  location: text,
  unit: text,
  multiplier: fc.oneof(fc.constant(0), int32),
  signedData: fc.oneof({ weight: 4, arbitrary: fc.constant('') }, text, long),
  signedEncoding: fc.oneof({ weight: 4, arbitrary: fc.constant('') }, text),
  signedPublicKey: fc.oneof({ weight: 4, arbitrary: fc.constant('') }, text),
});
const at = fc.option(fc.date({ noInvalidDate: true, min: new Date(-1e14), max: new Date(1e14) }), {
  nil: undefined,
});
const set = (samples: fc.Arbitrary<metering.SampledValue>): fc.Arbitrary<metering.MeterValueSet> =>
  fc.record({
    tenant: text,
    stationId: text,
    evseNumber: int32,
    connectorNumber: int32,
    transactionRef: text,
    measuredAt: at,
    receivedAt: at,
    seqNo: fc.option(int32, { nil: undefined }),
    offline: fc.boolean(),
    samples: fc.array(samples, { maxLength: 5 }),
    deviations: fc.array(text, { maxLength: 2 }),
  });
/** Some samples that come again and again, and any others. */
const request = fc
  .array(sample, { minLength: 1, maxLength: 3 })
  .chain((known) =>
    fc.array(set(fc.oneof(fc.constantFrom(...known), sample)), { maxLength: 6 }).map((sets) => ({ sets })),
  );
const bytesOf = (message: metering.RecordReadingsRequest) =>
  Buffer.from(RecordReadingsRequest.encode(message).finish());

describe('the decoder of readings', () => {
  const decoder = new ReadingsDecoder();

  it('reads what the generated one reads, whatever it read before', () => {
    fc.assert(
      fc.property(request, (message) => {
        const bytes = bytesOf(message);
        expect(decoder.decode(bytes)).toEqual(RecordReadingsRequest.decode(bytes));
      }),
      { numRuns: 400 },
    );
  });

  it('knows all fields of the contract', () => {
    expect(
      Object.keys(decoder.decode(bytesOf({ sets: [metering.MeterValueSet.create()] })).sets[0]!),
    ).toEqual(Object.keys(metering.MeterValueSet.create()));
    const told = {
      ...metering.MeterValueSet.create(),
      samples: [SampledValue.create({ value: '1', unit: 'Wh' })],
    };
    expect(Object.keys(decoder.decode(bytesOf({ sets: [told] })).sets[0]!.samples[0]!)).toEqual(
      Object.keys(SampledValue.create()),
    );
  });

  it('leaves out fields that come with a later release, and takes fields in any order', () => {
    const later = [0xfa, 0x07, 3, 1, 2, 3];
    const sampleBytes = [
      ...SampledValue.encode(SampledValue.create({ unit: 'Wh' })).finish(),
      0x0a,
      1,
      0x37,
      ...later,
    ];
    const setBytes = [...later, 0x52, sampleBytes.length, ...sampleBytes, 0x0a, 1, 0x61];
    const bytes = Buffer.from([...later, 0x0a, setBytes.length, ...setBytes]);
    expect(decoder.decode(bytes)).toEqual(RecordReadingsRequest.decode(bytes));
    expect(decoder.decode(bytes).sets[0]).toMatchObject({
      tenant: 'a',
      samples: [{ value: '7', unit: 'Wh' }],
    });
  });

  it('refuses what ends before its end', () => {
    const whole = bytesOf({ sets: [metering.MeterValueSet.create({ tenant: 'demo', samples: [SampledValue.create({ value: '12345', unit: 'Wh' })] })] }); // prettier-ignore
    decoder.decode(whole);
    for (let length = 1; length < whole.length; length += 1)
      expect(() => decoder.decode(Buffer.from(whole.subarray(0, length))), `${length} bytes`).toThrow();
  });

  it('does not grow with what stations make up', () => {
    const made = (i: number) => SampledValue.create({ value: '1', unit: `unit ${i}` });
    const one = new ReadingsDecoder();
    for (let i = 0; i < 5_000; i += 1) {
      const sets = [metering.MeterValueSet.create({ samples: [made(i)] })];
      expect(one.decode(bytesOf({ sets }))).toEqual({ sets });
    }
    const { kinds } = one as unknown as { kinds: Map<string, unknown> };
    expect(kinds.size).toBeLessThanOrEqual(2_000);
    const before = kinds.size;
    const sets = [
      metering.MeterValueSet.create({
        samples: [SampledValue.create({ value: '1', unit: 'x'.repeat(300) })],
      }),
    ];
    expect(one.decode(bytesOf({ sets }))).toEqual({ sets });
    expect(kinds.size).toBe(before);
  });
});
