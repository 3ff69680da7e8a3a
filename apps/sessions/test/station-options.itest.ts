// Real: Postgres, NATS, HTTP, gRPC. Played: auth, the gateway and the charger.
import { events, sessions } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anna, SessionsRig, operator, stranger, type ImportedStation } from './sessions-rig.js';

let fleet: SessionsRig;
beforeAll(async () => {
  fleet = await SessionsRig.start();
  await fleet.import([], [{ name: 'Depot', published: true }]);
});
afterAll(() => fleet.close());

const FIELDS = 'costDisplay showsCosts costCurrency remoteStartTag subprotocols pinged';

async function options(station: ImportedStation, who = operator) {
  const { data } = await fleet.rig.graphql<{ station: { options: Record<string, unknown> | null } | null }>(
    who,
    `query($id: ID!) { station(id: $id) { options { ${FIELDS} } } }`,
    { id: station.id },
  );
  return data?.station?.options;
}

function set(station: ImportedStation, input: object, who = operator) {
  return fleet.rig.graphql<{ setStationOptions: { station: { options: object } } }>(
    who,
    `mutation($input: SetStationOptionsInput!) { setStationOptions(input: $input) { station { options { ${FIELDS} } } } }`,
    { input: { stationId: station.id, ...input } },
  );
}

const audits = (station: ImportedStation) =>
  fleet.rig.sql<{ action: string; requested_by: string; arguments: object; outcome: string }>(
    'select action, requested_by, arguments, outcome from command_audit where station_id = $1',
    [station.id],
  );

async function speaks201(): Promise<ImportedStation> {
  const station = await fleet.aStation();
  await fleet.client.recordBoot(
    sessions.RecordBootRequest.fromPartial({ stationId: station.id, generation: 1, protocol: 'ocpp2.0.1' }),
    { tenant: tenantId('demo') },
  );
  return station;
}

function says(station: ImportedStation, values: readonly (readonly [string, string, string])[]) {
  const variables = values.map(([variable, variableInstance, value]) =>
    sessions.StationVariable.fromPartial({
      component: 'TariffCostCtrlr',
      variable,
      variableInstance,
      value,
    }),
  );
  return fleet.client.recordStationReport(
    sessions.RecordStationReportRequest.fromPartial({ stationId: station.id, last: true, variables }),
    { tenant: tenantId('demo') },
  );
}

async function charged(station: ImportedStation, ref: string) {
  const answer = await fleet.event(station.id, { transactionRef: ref });
  const started = await fleet.rig.published(events.sessionStarted);
  const snapshot = started.map(({ session }) => session!).find((each) => each.sessionId === answer.sessionId);
  return { answer: answer.costDisplay, snapshot: snapshot?.costDisplay };
}

describe('a station that shows costs', () => {
  it('is known by what its device model says, to the gateway and in each session', async () => {
    const station = await speaks201();
    expect(await charged(station, 'A-1')).toEqual({ answer: undefined, snapshot: undefined });
    await says(station, [
      ['Enabled', 'Cost', 'true'],
      ['Currency', '', 'EUR'],
    ]);
    expect(await options(station)).toMatchObject({
      costDisplay: 'AUTO',
      showsCosts: true,
      costCurrency: 'EUR',
    });
    const shown = { currency: 'EUR' };
    expect(await charged(station, 'A-2')).toEqual({ answer: shown, snapshot: shown });
    await says(station, [['Enabled', 'Cost', 'false']]);
    expect(await charged(station, 'A-3')).toEqual({ answer: undefined, snapshot: undefined });
  });

  it('is what an operator says where the model is silent, and what it says again without a wish', async () => {
    const station = await speaks201();
    const { data } = await set(station, { costDisplay: 'ON' });
    expect(data?.setStationOptions.station.options).toMatchObject({ costDisplay: 'ON', showsCosts: true });
    expect((await charged(station, 'B-1')).answer).toEqual({ currency: '' });
    await set(station, { costDisplay: null });
    expect(await options(station)).toMatchObject({ costDisplay: 'AUTO', showsCosts: false });
  });

  it('is none while it speaks 1.6', async () => {
    const station = await fleet.anOnlineStation();
    await set(station, { costDisplay: 'ON' });
    expect(await options(station)).toMatchObject({ costDisplay: 'ON', showsCosts: false });
    expect((await fleet.start16(station.id, 'card-anna', new Date())).costDisplay).toBeUndefined();
  });
});

describe('what an operator sets for a station', () => {
  it('is on record with who did it; the same key again changes nothing', async () => {
    const station = await speaks201();
    await set(station, { costDisplay: 'ON', idempotencyKey: 'k-1' });
    await set(station, { costDisplay: 'OFF' });
    await set(station, { costDisplay: 'ON', idempotencyKey: 'k-1' });
    expect(await options(station)).toMatchObject({ costDisplay: 'OFF' });
    const audit = { action: 'SetStationOptions', requested_by: operator.accountId, outcome: 'ACCEPTED' };
    expect(await audits(station)).toMatchObject([
      { ...audit, arguments: { costDisplay: 'ON' } },
      { ...audit, arguments: { costDisplay: 'OFF' } },
    ]);
    const { codes } = await set(station, { costDisplay: 'OFF', idempotencyKey: 'k-1' });
    expect(codes).toEqual(['CONFLICT']);
  });

  it('Q2: tells auth the order of subprotocols, and keeps nothing that auth could not take', async () => {
    const station = await speaks201();
    const order = ['ocpp1.6', 'ocpp2.1'];
    await set(station, { subprotocols: ['OCPP1.6', 'ocpp2.1', 'ocpp1.6'] });
    expect(fleet.peers.subprotocols.at(-1)).toEqual({ stationId: station.id, subprotocols: order });
    expect(await options(station)).toMatchObject({ subprotocols: order, costDisplay: 'AUTO' });
    await set(station, { costDisplay: 'OFF' });
    expect(await options(station)).toMatchObject({ subprotocols: order, costDisplay: 'OFF' });
    expect((await set(station, { subprotocols: ['ocpp3'] })).codes).toEqual(['BAD_USER_INPUT']);
    fleet.peers.authIsAway = true;
    expect((await set(station, { subprotocols: [] })).codes).toEqual(['SERVICE_UNAVAILABLE']);
    fleet.peers.authIsAway = false;
    expect(await options(station)).toMatchObject({ subprotocols: order });
    await set(station, { subprotocols: null });
    expect(await options(station)).toMatchObject({ subprotocols: [] });
  });

  it('Q21: tells auth whether the station is pinged, and keeps nothing that auth could not take', async () => {
    const station = await speaks201();
    expect(await options(station)).toMatchObject({ pinged: null });
    await set(station, { pinged: false });
    expect(fleet.peers.pings.at(-1)).toEqual({ stationId: station.id, pinged: false });
    await set(station, { costDisplay: 'OFF' });
    expect(await options(station)).toMatchObject({ pinged: false, costDisplay: 'OFF' });
    fleet.peers.authIsAway = true;
    expect((await set(station, { pinged: true })).codes).toEqual(['SERVICE_UNAVAILABLE']);
    fleet.peers.authIsAway = false;
    expect(await options(station)).toMatchObject({ pinged: false });
    await set(station, { pinged: null });
    expect(fleet.peers.pings.at(-1)).toEqual({ stationId: station.id, pinged: undefined });
    expect(await options(station)).toMatchObject({ pinged: null });
    expect(await audits(station)).toMatchObject([
      { action: 'SetStationOptions', requested_by: operator.accountId, arguments: { pinged: false } },
      {},
      { arguments: { pinged: null } },
    ]);
  });

  it('is nothing for drivers, and for operators of other tenants there is no such station', async () => {
    const station = await speaks201();
    expect(await options(station, anna)).toBeNull();
    expect((await set(station, { costDisplay: 'ON' }, anna)).codes).toEqual(['FORBIDDEN']);
    expect((await set(station, { costDisplay: 'ON' }, stranger)).codes).toEqual(['NOT_FOUND']);
    expect(await audits(station)).toEqual([]);
  });
});
