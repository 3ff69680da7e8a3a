// Whatever may arrive on a charger's socket: messages that fit their schema, the same spoiled, recorded ones spoiled, and
// plain noise.
import fc from 'fast-check';
import * as ocpp16 from 'typed-ocpp/dist/ocpp16/schemas.js';
import * as ocpp20 from 'typed-ocpp/dist/ocpp20/schemas.js';
import * as ocpp21 from 'typed-ocpp/dist/ocpp21/schemas.js';
import { CSMS_ACTIONS, OCPP_VERSIONS, STATION_ACTIONS, type OcppVersion } from '@kilowatch/ocpp';
import { fromSchema } from './from-schema.js';
import { spoiled, spoiledWithin, torn } from './mutations.js';
import { recordedFrames } from './recorded-frames.js';

export interface FuzzedFrame {
  readonly version: OcppVersion;
  readonly text: string;
}

const SCHEMAS: Readonly<Record<OcppVersion, Readonly<Record<string, object>>>> = {
  '1.6': { ...ocpp16 },
  '2.0.1': { ...ocpp20 },
  '2.1': { ...ocpp21 },
};

const ids = fc.oneof(
  { weight: 8, arbitrary: fc.oneof(fc.uuid(), fc.nat().map(String)) },
  { weight: 1, arbitrary: fc.string() },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(
      '',
      '-1',
      0,
      7,
      null,
      {},
      'x'.repeat(36),
      'x'.repeat(37),
      'x'.repeat(300),
    ),
  },
);

/** Frames of one version. */
export function fuzzedTexts(version: OcppVersion): fc.Arbitrary<string> {
  const message = fc.oneof(
    { weight: 4, arbitrary: spoiledWithin(recorded(version)) },
    { weight: 4, arbitrary: spoiledWithin(invented(version)) },
    { weight: 1, arbitrary: spoiled(recorded(version)) },
    { weight: 1, arbitrary: invented(version) },
    { weight: 1, arbitrary: answers() },
    { weight: 1, arbitrary: fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 6 }) },
  );
  const text = message.map((value) => JSON.stringify(value) ?? '');
  return fc.oneof(
    { weight: 8, arbitrary: text },
    { weight: 2, arbitrary: torn(text) },
    { weight: 1, arbitrary: fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' })) },
  );
}

export function fuzzedFrames(): fc.Arbitrary<FuzzedFrame> {
  return fc.oneof(...OCPP_VERSIONS.map((version) => fuzzedTexts(version).map((text) => ({ version, text }))));
}

/** Recorded as it was, on the connection it was made for or on one of another version. */
function recorded(version: OcppVersion): fc.Arbitrary<unknown> {
  const all = recordedFrames();
  const own = all.filter((frame) => frame.version === version);
  const either = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...(own.length > 0 ? own : all)) },
    { weight: 1, arbitrary: fc.constantFrom(...all) },
  );
  return either.map(({ frame }) => frame);
}

/** A CALL that fits the schema of its action. */
function invented(version: OcppVersion): fc.Arbitrary<unknown> {
  const calls = [...STATION_ACTIONS[version]].map((action) => {
    const schema = SCHEMAS[version][`${action}Request`] ?? SCHEMAS[version][action] ?? {};
    const type = action === 'NotifyPeriodicEventStream' ? 6 : 2;
    return fc.tuple(fc.constant(type), ids, fc.constant(action), fromSchema(schema));
  });
  const others = fc.tuple(
    fc.constantFrom(2, 2, 6),
    ids,
    fc.oneof(
      fc.constantFrom(...CSMS_ACTIONS[version]),
      fc.constantFrom('', 'FooBar', 'constructor'),
      fc.string(),
    ),
    fc.jsonValue({ maxDepth: 2 }),
  );
  return fc.oneof({ weight: 9, arbitrary: fc.oneof(...calls) }, { weight: 1, arbitrary: others });
}

function answers(): fc.Arbitrary<unknown> {
  return fc.oneof(
    fc.tuple(fc.constant(3), ids, fc.jsonValue({ maxDepth: 2 })),
    fc.tuple(fc.constantFrom(4, 5), ids, fc.string(), fc.string(), fc.jsonValue({ maxDepth: 1 })),
  );
}
