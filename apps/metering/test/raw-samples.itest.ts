// Real: Postgres (own role, row-level security), NATS JetStream, HTTP, gRPC. The gateway is played by the rig.
import { randomUUID } from 'node:crypto';
import { metering } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { ServiceRig } from '@kilowatch/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configShape } from '../src/config.js';
import { CONTEXTS, LOCATIONS, MEASURANDS, PHASES, UNITS } from '../src/domain/sample-text.js';
import { meteringService } from '../src/metering.module.js';

const START = Date.now() - 3_600_000;

let rig: ServiceRig;

beforeAll(async () => {
  rig = await ServiceRig.start({ service: meteringService, shape: configShape });
});
afterAll(async () => {
  await rig.close();
});

type Sample = Partial<metering.SampledValue>;

/** A set a second. */
function record(stationId: string, told: readonly (readonly Sample[])[]) {
  const sets = told.map((samples, i) =>
    metering.MeterValueSet.fromPartial({
      tenant: 'demo',
      stationId,
      evseNumber: 1,
      connectorNumber: 1,
      transactionRef: 'r',
      measuredAt: new Date(START + i * 1_000),
      receivedAt: new Date(START + i * 1_000),
      samples: samples.map((sample) => metering.SampledValue.fromPartial(sample)),
    }),
  );
  return rig.grpc(metering.MeteringServiceClient).recordReadings({ sets }, { tenant: tenantId('demo') });
}

interface Stored {
  readonly raw: readonly Sample[];
  /** As JSON, which is four times as much. */
  readonly at_length: boolean;
}

const stored = (stationId: string) =>
  rig.sql<Stored>(
    'select raw_samples(reading) as raw, samples is not null as at_length from reading where station_id = $1 order by measured_at',
    [stationId],
  );

/** Without what a station left out. */
function said(sample: Sample): Sample {
  const isSaid = ([field, word]: [string, unknown]) => field === 'value' || (word !== '' && word !== 0);
  return Object.fromEntries(Object.entries(sample).filter(isSaid));
}

describe('what a station said', () => {
  it('is kept word by word and letter by letter, in few letters', async () => {
    const words = [CONTEXTS, MEASURANDS, PHASES, LOCATIONS, UNITS] as const;
    const values = [
      '0',
      '1000',
      '1.0',
      '-12.50',
      '+3',
      '',
      ' 7 ',
      '1e3',
      'abc',
      ':',
      "'",
      '"',
      '\\',
      '{}',
      'null',
    ];
    const kinds: Sample[] = Array.from({ length: Math.max(...words.map(({ length }) => length)) }, (_, i) => {
      const [context, measurand, phase, location, unit] = words.map((list) => list[i % list.length]!);
      const multiplier = i % 7 === 0 ? i - 14 : 0;
      return { context, measurand, phase, location, unit, multiplier, value: values[i % values.length] };
    });
    // A reading has all samples of its set, and there is one for each context.
    const several = fc
      .sample(fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 12 }), { numRuns: 30, seed: 7 })
      .map((told) => told.map((sample) => ({ ...sample, context: 'Trigger' })));
    const told = [...kinds.map((sample) => [sample]), ...several];
    const station = randomUUID();
    expect(await record(station, told)).toEqual({ stored: told.length, duplicates: 0 });
    expect(await stored(station)).toEqual(
      told.map((samples) => ({ raw: samples.map(said), at_length: false })),
    );
    expect(await record(station, told)).toEqual({ stored: 0, duplicates: told.length });
  });

  it.each([
    ['has a word that no specification has', { unit: 'kWh/h' }],
    ['has a separator in a value', { value: '1;2' }],
    ['is no ASCII', { value: '१२' }],
    ['is no text for a database', { value: 'a\u0000b' }],
    ['is longer than a number', { value: '1'.repeat(300) }],
    ['has a key without a signature', { signedPublicKey: 'a2V5' }],
    ['is signed', { signedData: 'OCMF|{}|{}', signedEncoding: 'OCMF' }],
  ] satisfies [string, Sample][])('is kept as well when it %s', async (_what, over) => {
    const station = randomUUID();
    const samples = [{ value: '5', unit: 'Wh', ...over }, { value: '6' }];
    await record(station, [samples]);
    const [row] = await rig.sql<{ samples: string }>(
      'select samples::text from reading where station_id = $1',
      [station],
    );
    expect(JSON.parse(row!.samples)).toEqual(samples);
    if (!samples[0]!.value.includes('\u0000'))
      expect(await stored(station)).toEqual([{ raw: samples, at_length: true }]);
  });
});
