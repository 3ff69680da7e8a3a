// Real: a virtual charger with its own meter and ledger, sockets, Postgres, NATS, gRPC. Played: auth, sessions, metering.
import { ocppGateway } from '@kilowatch/contracts';
import { tenantId, unavailable } from '@kilowatch/kernel';
import {
  SimulatedTime,
  VirtualCharger,
  ledgerTotals,
  waitFor,
  type VirtualChargerOptions,
} from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GatewayRig } from './gateway-rig.js';

let rig: GatewayRig;
const chargers: VirtualCharger[] = [];
beforeAll(async () => {
  rig = await GatewayRig.start();
});
afterAll(() => rig.close());
afterEach(async () => {
  rig.peers.reset();
  await Promise.all(chargers.splice(0).map((charger) => charger.shutdown()));
});

const VERSIONS = ['1.6', '2.0.1'] as const;

async function charger(version: (typeof VERSIONS)[number], over: Partial<VirtualChargerOptions> = {}) {
  const station = rig.provision();
  const made = new VirtualCharger({
    url: `ws://127.0.0.1:${rig.gateway.port}/ocpp`,
    identity: station.identity,
    version,
    registerMwh: 5_000_000,
    time: new SimulatedTime({ speed: 1_200 }),
    retry: { waitMs: 50 },
    backOff: { minimumMs: 50, randomMs: 50 },
    ...over,
  });
  chargers.push(made);
  await made.start();
  return { charger: made, stationId: station.stationId };
}

/** Import registers that metering was given, in mWh, by context. */
function registers(context: string): number[] {
  return rig.peers.readings.requests
    .flatMap(({ sets }) => sets.flatMap(({ samples }) => samples))
    .filter((sample) => sample.measurand === 'Energy.Active.Import.Register' && sample.context === context)
    .map(({ value, unit, multiplier }) =>
      Math.round(Number(value) * 10 ** multiplier * (unit === 'kWh' ? 1e6 : 1e3)),
    );
}

describe.each(VERSIONS)('a whole charging session in OCPP %s', (version) => {
  it('arrives at metering with the registers of the charger, and at sessions from start to end', async () => {
    const { charger: one } = await charger(version);
    const entry = await one.charge({ token: '04A1B2C3', energyWh: 2_000 });
    await one.settled();
    expect(ledgerTotals(one.ledger)).toMatchObject({ ended: 1, lostMessages: 0 });
    expect(registers('Transaction.Begin')).toContain(entry?.beginMwh);
    expect(registers('Transaction.End')).toContain(entry?.endMwh);
    const kinds = rig.peers.transaction.requests.map(({ kind }) => kind);
    expect([kinds[0], kinds.at(-1)]).toEqual([1, 3]);
  });

  it('loses nothing while sessions and metering are away for a moment', async () => {
    const { charger: one } = await charger(version);
    const charging = one.charge({ token: '04A1B2C3', energyWh: 6_000 });
    await waitFor('periodic readings', () => registers('Sample.Periodic').length >= 2);
    rig.peers.readings.fails(unavailable('DOWN', 'x'));
    rig.peers.transaction.fails(unavailable('DOWN', 'x'));
    const before = one.connectCount;
    await waitFor('the charger to be sent away and to come back', () => one.connectCount > before);
    rig.peers.reset();
    const entry = await charging;
    await one.settled();
    expect(ledgerTotals(one.ledger)).toMatchObject({ ended: 1, lostMessages: 0 });
    expect(registers('Transaction.End')).toContain(entry?.endMwh);
    expect(await rig.rig.sql('SELECT 1 FROM quarantined_frame')).toEqual([]);
  });

  it('starts and stops from afar', async () => {
    const { charger: one, stationId } = await charger(version);
    const commands = rig.rig.grpc(ocppGateway.CommandServiceClient);
    const send = (command: Partial<ocppGateway.SendRequest>) =>
      commands.send(
        ocppGateway.SendRequest.fromPartial({
          stationId,
          idempotencyKey: crypto.randomUUID(),
          timeoutSeconds: 5,
          ...command,
        }),
        { tenant: tenantId('demo'), deadlineMs: 10_000 },
      );
    const idToken = { value: 'APP-1', type: 'Central' };
    const requestStart = {
      idToken,
      standsFor: undefined,
      evseNumber: 1,
      connectorNumber: 1,
      remoteStartId: 5,
    };
    expect((await send({ requestStart })).status).toBe('Accepted');
    await waitFor('the start', () => one.ledger[0]?.startAcknowledged);
    const profile = {
      profileId: 1,
      purpose: 'TX_DEFAULT_PROFILE',
      evseNumber: 1,
      limitDeciampere: 100,
      numberPhases: 3,
    };
    const setChargingProfile = ocppGateway.SetChargingProfile.fromPartial(profile);
    expect((await send({ setChargingProfile })).status).toBe('Accepted');
    expect(
      (await send({ requestStop: { transactionRef: String(one.ledger[0]?.transactionId) } })).status,
    ).toBe('Accepted');
    await waitFor('the end', () => one.ledger[0]?.endAcknowledged);
  });
});
