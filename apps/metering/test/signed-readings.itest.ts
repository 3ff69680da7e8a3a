// Real: Postgres (own role, row-level security), NATS JetStream, HTTP, gRPC, meters that sign. Sessions and the gateway are played by the rig.
import { randomUUID } from 'node:crypto';
import { events, metering } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { aSessionSnapshot, ServiceRig, waitFor, type TestPrincipal } from '@kilowatch/testing';
import { OcmfMeter, ocmfTime } from '@kilowatch/testing/ocmf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configShape } from '../src/config.js';
import { meteringService } from '../src/metering.module.js';

const START = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 30 * 60_000);
const minute = (n: number) => new Date(START.getTime() + n * 60_000);
const operator: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'operator' };

let rig: ServiceRig;
beforeAll(async () => {
  rig = await ServiceRig.start({
    service: meteringService,
    shape: configShape,
    env: { KW_LATE_WINDOW_SECONDS: '1' },
  });
});
afterAll(() => rig.close());

interface Charge {
  readonly sessionId: string;
  readonly stationId: string;
  readonly ref: string;
  readonly driver: TestPrincipal;
}
const aCharge = (stationId: string = randomUUID()): Charge => ({
  sessionId: randomUUID(),
  stationId,
  ref: String(Math.floor(Math.random() * 1e9)),
  driver: { accountId: randomUUID(), tenant: 'demo', role: 'driver' },
});

function snapshot({ sessionId, stationId, ref: transactionRef, driver }: Charge, endedAt?: Date, more = {}) {
  const { accountId } = driver;
  const over = endedAt ? { status: 'ENDED', endedAt } : {};
  return aSessionSnapshot({
    sessionId,
    stationId,
    transactionRef,
    accountId,
    startedAt: START,
    ...over,
    ...more,
  });
}

/** Plain Wh beside what is signed; neither is needed. */
function sample(context: string, wh: number | undefined, signedData = '', more = {}) {
  return metering.SampledValue.fromPartial({
    value: wh === undefined ? '' : String(wh),
    context,
    measurand: 'Energy.Active.Import.Register',
    location: 'Outlet',
    unit: 'Wh',
    signedData,
    ...more,
  });
}

async function told(charge: Charge, at: Date, ...samples: metering.SampledValue[]) {
  const { stationId, ref: transactionRef } = charge;
  const set = metering.MeterValueSet.fromPartial({
    tenant: 'demo',
    stationId,
    evseNumber: 1,
    connectorNumber: 1,
    transactionRef,
    measuredAt: at,
    receivedAt: at,
    samples,
  });
  await rig
    .grpc(metering.MeteringServiceClient)
    .recordReadings({ sets: [set] }, { tenant: tenantId('demo') });
}

/** Begin and end as given; what metering says of it in its event. */
async function charged(
  charge: Charge,
  begin: readonly metering.SampledValue[],
  end: readonly metering.SampledValue[],
) {
  const { sessionId } = charge;
  await rig.publish(
    events.sessionStarted,
    { aggregateId: sessionId, version: 1 },
    { session: snapshot(charge) },
  );
  await told(charge, START, ...begin);
  await told(charge, minute(20), ...end);
  await rig.publish(
    events.sessionEnded,
    { aggregateId: sessionId, version: 2 },
    { session: snapshot(charge, minute(20)) },
  );
  return waitFor('the energy to be closed', async () =>
    (await rig.published(events.sessionMetered)).find((event) => event.sessionId === sessionId),
  );
}

const both = (meter: OcmfMeter, change = (record: string) => record) =>
  [
    [sample('Transaction.Begin', 1_000, meter.begin(1, START))],
    [sample('Transaction.End', 4_500, change(meter.end(4.5, minute(20))))],
  ] as const;

const mutate = async (field: string, type: string, input: object, asker: TestPrincipal = operator) => {
  const { data, codes } = await rig.graphql<Record<string, { key: Record<string, unknown> }>>(
    asker,
    `mutation($input: ${type}!) { ${field}(input: $input) { key { id curve serial fingerprint validUntil endedBy } } }`,
    { input },
  );
  return { key: data?.[field]?.key, codes };
};
const register = (stationId: string, meter: OcmfMeter, more = {}) =>
  mutate('registerMeterKey', 'RegisterMeterKeyInput', {
    stationId,
    publicKey: meter.pem,
    serial: meter.serial,
    ...more,
  });

interface Seen {
  verdict: string;
  reasons: string[];
  verdictAtClose: string | null;
  beginWh: number | null;
  endWh: number | null;
  records: { verdict: string; reason: string | null; ocmf: string | null; claimedKey: string | null }[];
  transparencyXml: string | null;
}
async function seen({ sessionId, driver }: Charge, asker: TestPrincipal = driver): Promise<Seen | undefined> {
  const { data } = await rig.graphql<{ _entities: ({ signedReadings: Seen } | null)[] }>(
    asker,
    `query($r: [_Any!]!) { _entities(representations: $r) { ... on Session { signedReadings {
      verdict reasons verdictAtClose beginWh endWh transparencyXml records { verdict reason ocmf claimedKey } } } } }`,
    { r: [{ __typename: 'Session', id: sessionId }] },
  );
  return data?._entities[0]?.signedReadings;
}

const VERDICTS = metering.SignedVerdict;
const summary = ({
  energyMwh,
  verdict,
  signedVerdict,
  signedReasons,
  deviations,
}: metering.SessionMetered) => ({
  energyMwh,
  energy: metering.EnergyVerdict[verdict].replace('ENERGY_VERDICT_', ''),
  signed: VERDICTS[signedVerdict].replace('SIGNED_VERDICT_', ''),
  signedReasons,
  deviations,
});

describe('a session whose meter signs', () => {
  it('is billed by what is signed once its key is registered, and its driver gets the proof', async () => {
    const meter = OcmfMeter.make('secp256k1');
    const charge = aCharge();
    expect((await register(charge.stationId, meter)).codes).toEqual([]);
    const begin = sample('Transaction.Begin', 1_003, meter.begin(1, START));
    const end = sample('Transaction.End', 4_507, meter.end('4.51', minute(20)));
    expect(summary(await charged(charge, [begin], [end]))).toEqual({
      energyMwh: 3_510_000,
      energy: 'MEASURED',
      signed: 'VERIFIED',
      signedReasons: [],
      deviations: [],
    });
    const proof = (await seen(charge))!;
    expect(proof).toMatchObject({
      verdict: 'VERIFIED',
      verdictAtClose: 'VERIFIED',
      beginWh: 1_000,
      endWh: 4_510,
      records: [{ verdict: 'VERIFIED' }, { verdict: 'VERIFIED' }],
    });
    expect(proof.transparencyXml).toContain(meter.spkiHex);
    expect(proof.records[0]!.ocmf).toBe(begin.signedData);
  });

  it.each([
    ['is known at once', true],
    ['is heard of when the first is closed', false],
  ])(
    'is proven by its own records where its station uses the transaction id again, and that %s',
    async (_, atOnce) => {
      const meter = OcmfMeter.make();
      const first = aCharge();
      const second = { ...aCharge(first.stationId), ref: first.ref };
      await register(first.stationId, meter);
      const again = { startedAt: minute(20), ownTransactionRef: `${first.ref}|again` };
      const tell = (charge: Charge, more: object, end?: Date) =>
        end
          ? rig.publish(
              events.sessionEnded,
              { aggregateId: charge.sessionId, version: 2 },
              { session: snapshot(charge, end, more) },
            )
          : rig.publish(
              events.sessionStarted,
              { aggregateId: charge.sessionId, version: 1 },
              { session: snapshot(charge, undefined, more) },
            );
      const closed = ({ sessionId }: Charge) =>
        waitFor('the energy to be closed', async () =>
          (await rig.published(events.sessionMetered)).find((event) => event.sessionId === sessionId),
        );
      await tell(first, {});
      if (atOnce) {
        await tell(second, again);
        await waitFor('both to be known', async () => {
          const ids = [first.sessionId, second.sessionId];
          return (
            (await rig.sql('select 1 from metered_session where session_id = any($1)', [ids])).length === 2
          );
        });
      }
      await told(first, START, sample('Transaction.Begin', 1_000, meter.begin(1, START)));
      await told(first, minute(20), sample('Transaction.End', 4_500, meter.end(4.5, minute(20))));
      await told(second, minute(20), sample('Transaction.Begin', 4_500, meter.begin(4.5, minute(20))));
      await told(second, minute(30), sample('Transaction.End', 6_000, meter.end(6, minute(30))));
      await tell(first, {}, minute(20));
      const ofFirst = summary(await closed(first));
      if (!atOnce) await tell(second, again);
      await tell(second, again, minute(30));
      const proven = { energy: 'MEASURED', deviations: [] };
      expect(ofFirst).toMatchObject({
        ...proven,
        energyMwh: 3_500_000,
        signed: atOnce ? 'VERIFIED' : 'INCOMPLETE',
      });
      expect(summary(await closed(second))).toMatchObject({
        ...proven,
        energyMwh: 1_500_000,
        signed: 'VERIFIED',
      });
    },
  );

  it('of very many records is proven by its begin and its end, says what was left out, and else waits for a person', async () => {
    const many = async (change: (record: string) => string) => {
      const meter = OcmfMeter.make();
      const charge = aCharge();
      await register(charge.stationId, meter);
      const begin = sample('Transaction.Begin', 1_000, meter.begin(1, START));
      const between = meter.record([
        { TM: ocmfTime(minute(10)), TX: 'C', RV: 2, RI: '1-b:1.8.0', RU: 'kWh', ST: 'G' },
      ]);
      await rig.sql(
        `insert into signed_reading (tenant, station_id, transaction_ref, evse_number, measured_at, hash, received_at, data, encoding, public_key)
         select 'demo', $1, $2, 1, $3::timestamptz + n * interval '0.5 seconds', sha256(n::text::bytea), $3, $4, '', '' from generate_series(1, 1600) n`,
        [charge.stationId, charge.ref, minute(1), between],
      );
      const end = sample('Transaction.End', 4_500, change(meter.end(4.5, minute(20))));
      return { charge, metered: summary(await charged(charge, [begin], [end])) };
    };
    const proven = await many((record) => record);
    expect(proven.metered).toEqual({
      energyMwh: 3_500_000,
      energy: 'MEASURED',
      signed: 'VERIFIED',
      signedReasons: ['records_left_out'],
      deviations: [],
    });
    expect(await seen(proven.charge)).toMatchObject({ verdict: 'VERIFIED', reasons: ['records_left_out'] });
    const unproven = await many(() => '');
    expect(unproven.metered).toMatchObject({
      energy: 'DISPUTED',
      signed: 'INCOMPLETE',
      signedReasons: ['end_missing', 'records_left_out'],
      deviations: ['signed_records_left_out'],
    });
  });

  it.each(['secp192r1', 'secp256r1', 'brainpool256r1', 'secp384r1', 'brainpool384r1'])(
    'with a key on %s is verified',
    async (curve) => {
      const meter = OcmfMeter.make(curve);
      const charge = aCharge();
      await register(charge.stationId, meter);
      expect(summary(await charged(charge, ...both(meter)))).toMatchObject({
        energyMwh: 3_500_000,
        signed: 'VERIFIED',
      });
    },
  );

  it('is disputed when a figure was changed: billing waits, and a person sees which record it is', async () => {
    const meter = OcmfMeter.make();
    const charge = aCharge();
    await register(charge.stationId, meter);
    const metered = await charged(charge, ...both(meter, (record) => record.replace('"RV":4.5', '"RV":9.5')));
    expect(summary(metered)).toMatchObject({
      energy: 'DISPUTED',
      signed: 'FAILED',
      signedReasons: ['end_missing', 'signature_wrong'],
      deviations: ['signature_failed'],
    });
    expect((await seen(charge, operator))!.records.map(({ reason }) => reason)).toEqual([
      null,
      'signature_wrong',
    ]);
  });

  it('is disputed when plain registers beside it tell another story', async () => {
    const meter = OcmfMeter.make();
    const charge = aCharge();
    await register(charge.stationId, meter);
    const [begin] = both(meter);
    const end = [sample('Transaction.End', 9_000, meter.end(4.5, minute(20)))];
    expect(summary(await charged(charge, [...begin], end))).toMatchObject({
      energy: 'DISPUTED',
      signedReasons: ['differs_from_plain'],
    });
  });

  it('with a key that nobody registered is billed by its plain registers; the key it claims is shown, not believed', async () => {
    const meter = OcmfMeter.make();
    const charge = aCharge();
    const claimed = { signedPublicKey: meter.ocaKey, signedEncoding: 'OCMF' };
    const inBase64 = (record: string) => Buffer.from(record).toString('base64');
    const begin = sample('Transaction.Begin', 1_000, inBase64(meter.begin(1, START)), claimed);
    const end = sample('Transaction.End', 4_500, inBase64(meter.end(4.5, minute(20))), claimed);
    expect(summary(await charged(charge, [begin], [end]))).toMatchObject({
      energyMwh: 3_500_000,
      energy: 'MEASURED',
      signed: 'UNKNOWN_KEY',
    });
    expect((await seen(charge))!.records[0]).toMatchObject({
      verdict: 'UNKNOWN_KEY',
      claimedKey: meter.ocaKey,
    });
    // Afterwards somebody looked at the plate of the meter: what was signed can be proven now.
    await register(charge.stationId, meter);
    expect(await seen(charge)).toMatchObject({ verdict: 'VERIFIED', verdictAtClose: 'UNKNOWN_KEY' });
  });

  it('is not billed by the records of another session', async () => {
    const meter = OcmfMeter.make();
    const first = aCharge();
    await register(first.stationId, meter);
    const [begin, end] = both(meter);
    expect(summary(await charged(first, begin, end))).toMatchObject({ signed: 'VERIFIED' });
    const second = aCharge(first.stationId);
    expect(summary(await charged(second, begin, end))).toMatchObject({
      energy: 'DISPUTED',
      signed: 'FAILED',
      signedReasons: ['page_of_another_session'],
    });
    expect(await seen(first)).toMatchObject({ verdict: 'VERIFIED' });
    expect(await seen(second)).toMatchObject({ verdict: 'FAILED' });
  });

  it('without signatures is unsigned, and says so', async () => {
    const charge = aCharge();
    const metered = await charged(
      charge,
      [sample('Transaction.Begin', 1_000)],
      [sample('Transaction.End', 2_000)],
    );
    expect(summary(metered)).toMatchObject({ energyMwh: 1_000_000, signed: 'UNSIGNED', signedReasons: [] });
    expect(await seen(charge)).toMatchObject({ verdict: 'UNSIGNED', records: [], transparencyXml: null });
  });

  it('and tells the same readings twice has each record once', async () => {
    const meter = OcmfMeter.make();
    const charge = aCharge();
    await register(charge.stationId, meter);
    const [begin, end] = both(meter);
    await told(charge, START, ...begin);
    await charged(charge, [...begin], [...end]);
    expect((await seen(charge))!.records).toHaveLength(2);
  });

  it('shows its records to its driver and to operators of its tenant alone', async () => {
    const meter = OcmfMeter.make();
    const charge = aCharge();
    await charged(charge, ...both(meter));
    expect(await seen(charge, { accountId: randomUUID(), tenant: 'demo', role: 'driver' })).toBeUndefined();
    expect(await seen(charge, { ...operator, tenant: 'other' })).toBeUndefined();
    expect(await seen(charge, operator)).toBeDefined();
  });
});

describe('keys of meters', () => {
  const list = async (stationId: string, asker: TestPrincipal = operator) => {
    const { data, codes } = await rig.graphql<{ meterKeys: { id: string; fingerprint: string }[] }>(
      asker,
      'query($id: ID!) { meterKeys(stationId: $id) { id fingerprint curve evseNumber validFrom addedBy } }',
      { id: stationId },
    );
    return { keys: data?.meterKeys, codes };
  };

  it('are registered once, in whatever form they are written', async () => {
    const meter = OcmfMeter.make('brainpool256r1');
    const stationId = randomUUID();
    const first = await register(stationId, meter);
    const again = await register(stationId, meter, { publicKey: meter.ocaKey });
    expect(again.key!['id']).toBe(first.key!['id']);
    const point = await register(stationId, meter, { publicKey: meter.pointHex, curve: 'brainpoolP256r1' });
    expect(point.key!['id']).toBe(first.key!['id']);
    expect((await list(stationId)).keys).toHaveLength(1);
  });

  it('that are ended verify no more from then on, and what was before still is', async () => {
    const meter = OcmfMeter.make();
    const stationId = randomUUID();
    const { key } = await register(stationId, meter);
    const early = aCharge(stationId);
    await charged(early, ...both(meter));
    const ended = await mutate('endMeterKey', 'EndMeterKeyInput', {
      id: key!['id'],
      until: minute(10).toISOString(),
    });
    expect(ended.key).toMatchObject({ validUntil: minute(10).toISOString(), endedBy: operator.accountId });
    expect(await seen(early)).toMatchObject({ verdict: 'INCOMPLETE', verdictAtClose: 'VERIFIED' });
    const later = await mutate('endMeterKey', 'EndMeterKeyInput', {
      id: key!['id'],
      until: minute(20).toISOString(),
    });
    expect(later.codes).toEqual(['BAD_USER_INPUT']);
  });

  it.each([
    ['no key', { publicKey: 'nonsense!' }],
    ['a key on another curve than is said', { curve: 'secp192k1' }],
    ['a curve that is none', { curve: 'curve25519' }],
    ['an EVSE that is none', { evseNumber: -1 }],
    ['a note that is too long', { note: 'x'.repeat(501) }],
  ])('are refused with a sentence when they are %s', async (_what, more) => {
    expect((await register(randomUUID(), OcmfMeter.make(), more)).codes).toEqual(['BAD_USER_INPUT']);
  });

  it('are an operator’s of the tenant', async () => {
    const meter = OcmfMeter.make();
    const stationId = randomUUID();
    const { key } = await register(stationId, meter);
    const driver: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'driver' };
    const input = { stationId, publicKey: meter.pem };
    expect((await mutate('registerMeterKey', 'RegisterMeterKeyInput', input, driver)).codes).toEqual([
      'FORBIDDEN',
    ]);
    expect((await list(stationId, driver)).codes).toEqual(['FORBIDDEN']);
    const other = { ...operator, tenant: 'other' };
    expect((await list(stationId, other)).keys).toEqual([]);
    expect((await mutate('endMeterKey', 'EndMeterKeyInput', { id: key!['id'] }, other)).codes).toEqual([
      'NOT_FOUND',
    ]);
  });
});
