// Real: Postgres (own role, row-level security), NATS JetStream, HTTP, gRPC. An eMSP of our own is the partner; sessions and
// billing are played behind real gRPC.
import { randomUUID } from 'node:crypto';
import { events } from '@kilowatch/contracts';
import { ocpiDeviations, waitFor, type MockEmsp, type OcpiAnswer } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EmittedBodies } from './emitted-bodies.js';
import { aCdr, aLocation, aMetered, aSnapshot, aTariff } from './ocpi-builders.js';
import { driver, foreignOperator, OcpiRig, operator } from './ocpi-rig.js';

const emitted = new EmittedBodies();
const { seen } = emitted;

let app: OcpiRig;
beforeAll(async () => {
  app = await OcpiRig.start();
  app.peers.locations.set(
    'demo',
    Array.from({ length: 5 }, (_, i) => aLocation(i)),
  );
  app.peers.tariffs.set('demo', [aTariff('t1', true), aTariff('t2', false)]);
});
afterAll(() => app.close());

const aPartner = (options: Parameters<OcpiRig['aPartner']>[0] = {}) => app.aPartner(options, seen);

describe('pulling', () => {
  it('locations page by page, each once, with status, public id and tariff', async () => {
    const { emsp } = await aPartner();
    const { objects, pages } = await emsp.pull(`${emsp.endpoint('locations')}?limit=2`, (answer) => {
      seen('LocationListResponse', answer);
      expect(answer.headers.get('x-total-count')).toBe('5');
      expect(answer.headers.get('x-limit')).toBe('100');
    });
    expect(pages).toBe(3);
    expect(objects.map(({ name }) => name)).toEqual([
      'Garage 0',
      'Garage 1',
      'Garage 2',
      'Garage 3',
      'Garage 4',
    ]);
    const evses = objects.map((location) => (location['evses'] as Record<string, unknown>[])[0]!);
    expect(evses[0]).toMatchObject({ status: 'UNKNOWN', evse_id: 'NL*KWD*ECP*0*1' });
    expect(evses[1]).toMatchObject({ status: 'CHARGING', connectors: [{ tariff_ids: ['t1'] }] });
    const filtered = await emsp.pull(
      `${emsp.endpoint('locations')}?limit=1&date_from=2026-03-01T11:00:00Z&date_to=2026-03-01T13:00:00Z`,
      (answer) => seen('LocationListResponse', answer),
    );
    expect(filtered.objects.map(({ name }) => name)).toEqual(['Garage 1', 'Garage 2']);
  });

  it('locations with the tariff that is assigned to each station, all of them anew when that changes', async () => {
    const { emsp } = await aPartner();
    const station = app.peers.locations.get('demo')![2]!.stations[0]!;
    app.peers.stationTariffs.set(station.stationId, 't2');
    app.peers.tariffsChangedAt = new Date('2026-04-01T00:00:00Z');
    try {
      const { objects } = await emsp.pull(
        `${emsp.endpoint('locations')}?date_from=2026-04-01T00:00:00Z`,
        () => {},
      );
      const told = objects.map(({ evses, last_updated }) => [
        (evses as { connectors: { tariff_ids: string[] }[] }[])[0]!.connectors[0]!.tariff_ids,
        last_updated,
      ]);
      const at = '2026-04-01T00:00:00.000Z';
      expect(told).toEqual([0, 1, 2, 3, 4].map((i) => [i === 2 ? ['t2'] : ['t1'], at]));
    } finally {
      app.peers.stationTariffs.clear();
      app.peers.tariffsChangedAt = undefined;
    }
  });

  it('one location, EVSE or connector, or 404', async () => {
    const { emsp } = await aPartner();
    const location = app.peers.locations.get('demo')![1]!;
    const evse = location.stations[0]!.evses[0]!;
    const url = `${emsp.endpoint('locations')}/${location.locationId}`;
    const one = await emsp.send('GET', url);
    seen('LocationResponse', one);
    // T13: ids compare without case.
    const shouted = await emsp.send(
      'GET',
      `${emsp.endpoint('locations')}/${location.locationId.toUpperCase()}`,
    );
    expect(shouted.body.data).toEqual(one.body.data);
    const ofEvse = await emsp.send('GET', `${url}/${evse.evseId.toUpperCase()}`);
    seen('EvseResponse', ofEvse);
    expect(ofEvse.body.data).toMatchObject({ uid: evse.evseId });
    const connector = await emsp.send('GET', `${url}/${evse.evseId}/${evse.connectors[0]!.connectorId}`);
    seen('ConnectorResponse', connector);
    expect(connector.body.data).toMatchObject({
      standard: 'IEC_62196_T2',
      format: 'SOCKET',
      max_electric_power: 22_080,
    });
    for (const missing of [`${emsp.endpoint('locations')}/nowhere`, `${url}/x`, `${url}/${evse.evseId}/x`]) {
      const answer = await emsp.send('GET', missing);
      expect([answer.http, answer.body.status_code]).toEqual([404, 2003]);
    }
  });

  it('tariffs as OCPI has them', async () => {
    const { emsp } = await aPartner();
    const { objects } = await emsp.pull(emsp.endpoint('tariffs'), (answer) =>
      seen('TariffListResponse', answer),
    );
    expect(objects.map(({ id }) => id)).toEqual(['t1', 't2']);
    expect(objects[0]).toMatchObject({ elements: [{ price_components: [{ price: 0.25, vat: 21 }] }] });
    expect(objects[0]).not.toHaveProperty('idle_grace_minutes');
  });

  it('sessions and CDRs of our own tokens for the own eMSP, from start to price, and for nobody else', async () => {
    const [own, other] = [(await aPartner({ seesOwnFleet: true })).emsp, (await aPartner()).emsp];
    const location = app.peers.locations.get('demo')![1]!;
    const snapshot = aSnapshot(location);
    const { sessionId } = snapshot;
    const since = new Date(Date.now() - 1_000).toISOString();
    const pull = async (emsp: MockEmsp) => {
      const { objects } = await emsp.pull(
        `${emsp.endpoint('sessions')}?limit=1&date_from=${since}`,
        (answer) => seen('SessionListResponse', answer),
      );
      return objects.find(({ id }) => id === sessionId);
    };
    await app.rig.publish(
      events.sessionStarted,
      { aggregateId: sessionId, version: 1 },
      { session: snapshot },
    );
    expect(await waitFor('the session', () => pull(own))).toMatchObject({
      status: 'ACTIVE',
      kwh: 0,
      auth_method: 'AUTH_REQUEST',
    });
    const ended = { ...snapshot, status: 'ENDED', endedAt: new Date('2026-03-01T11:00:00Z') };
    await app.rig.publish(events.sessionEnded, { aggregateId: sessionId, version: 3 }, { session: ended });
    await app.rig.publish(
      events.sessionChargingStateChanged,
      { aggregateId: sessionId, version: 2 },
      { session: snapshot, previousState: '' },
    );
    const cdr = aCdr(snapshot);
    app.peers.cdrs.set('demo', [cdr]);
    await app.rig.publish(events.cdrIssued, { aggregateId: cdr.cdrId, version: 1 }, { cdr });
    const done = await waitFor('the price', async () => {
      const session = await pull(own);
      return session?.['status'] === 'COMPLETED' ? session : undefined;
    });
    expect(done).toMatchObject({ kwh: 10, currency: 'EUR', total_cost: { excl_vat: 2.5, incl_vat: 3.03 } });
    expect(done['cdr_token']).toMatchObject({ uid: snapshot.tokenId, type: 'RFID' });

    const cdrs = async (emsp: MockEmsp) =>
      (await emsp.pull(emsp.endpoint('cdrs'), (answer) => seen('CDRListResponse', answer))).objects;
    const told = await cdrs(own);
    expect(told).toMatchObject([
      {
        id: cdr.cdrId,
        session_id: sessionId,
        total_energy: 10,
        total_time: 1,
        invoice_reference_id: 'KW-2026-000001',
      },
    ]);
    location.name = 'Renamed';
    expect(await cdrs(own)).toEqual(told);
    // A correction: the credit says where it was like the CDR it takes back, and the completed session stays as it is.
    const credit = {
      ...cdr,
      cdrId: randomUUID(),
      creditOf: cdr.cdrId,
      revision: 2,
      ...{
        totalExclVat: '-2.50',
        totalVat: '-0.53',
        totalInclVat: '-3.03',
        remark: 'The meter was replaced.',
      },
    };
    const again = { ...cdr, cdrId: randomUUID(), revision: 3, totalExclVat: '2.00', totalInclVat: '2.42' };
    app.peers.cdrs.set('demo', [cdr, credit, again]);
    for (const one of [credit, again]) {
      const eventId = randomUUID();
      await app.rig.publish(events.cdrIssued, { aggregateId: one.cdrId, version: 1, eventId }, { cdr: one });
      await waitFor('the event to be seen', async () => {
        const rows = await app.rig.sql('select 1 from inbox where event_id = $1', [eventId]);
        return rows.length > 0;
      });
    }
    expect(await cdrs(own)).toMatchObject([
      told[0]!,
      {
        ...{ credit: true, credit_reference_id: cdr.cdrId, cdr_location: told[0]!['cdr_location'] },
        ...{ total_cost: { excl_vat: -2.5 }, remark: 'The meter was replaced.' },
      },
      { total_cost: { excl_vat: 2, incl_vat: 2.42 } },
    ]);
    expect((await pull(own))!['total_cost']).toEqual({ excl_vat: 2.5, incl_vat: 3.03 });
    app.peers.cdrs.set('demo', [cdr]);
    const calls = app.peers.cdrCalls;
    expect(await cdrs(other)).toEqual([]);
    expect(await pull(other)).toBeUndefined();
    expect(app.peers.cdrCalls).toBe(calls);
  });

  it('CDRs in pages that are shorter than their limit where they are large, each once', async () => {
    const { emsp } = await aPartner({ seesOwnFleet: true });
    const held = app.peers.cdrs.get('demo');
    const location = app.peers.locations.get('demo')![1]!;
    const cdrs = [1, 2, 3, 4, 5].map(() => aCdr(aSnapshot(location)));
    app.peers.cdrs.set('demo', cdrs);
    app.peers.room = 2;
    try {
      const { objects, pages } = await emsp.pull(`${emsp.endpoint('cdrs')}?limit=4`, (answer) =>
        seen('CDRListResponse', answer),
      );
      expect([pages, objects.map(({ id }) => id)]).toEqual([3, cdrs.map(({ cdrId }) => cdrId)]);
    } finally {
      app.peers.room = Number.POSITIVE_INFINITY;
      app.peers.cdrs.set('demo', held ?? []);
    }
  });

  it('sessions that were told together, each with its own energy and price', async () => {
    const { emsp } = await aPartner({ seesOwnFleet: true });
    const since = new Date(Date.now() - 1_000).toISOString();
    const location = app.peers.locations.get('demo')![1]!;
    const told = ['1.25', '2.50', '3.75'].map((totalExclVat, i) => {
      const snapshot = { ...aSnapshot(location), tokenId: `token-${i}` };
      return { snapshot, cdr: { ...aCdr(snapshot), totalExclVat, energyMwh: (i + 1) * 1_000_000 } };
    });
    const endedAt = new Date('2026-03-01T11:00:00Z');
    const { rig } = app;
    await Promise.all(
      told.flatMap(({ snapshot, cdr }) => {
        const about = (version: number) => ({ aggregateId: snapshot.sessionId, version });
        return [
          rig.publish(events.sessionEnded, about(2), { session: { ...snapshot, status: 'ENDED', endedAt } }),
          rig.publish(events.sessionStarted, about(1), { session: snapshot }),
          rig.publish(events.sessionMetered, about(1), aMetered(cdr)),
        ];
      }),
    );
    // The last one is not billed yet.
    const bills = told.slice(0, 2).map(({ cdr }) => ({ cdr }));
    await Promise.all(
      bills.map((bill) => rig.publish(events.cdrIssued, { aggregateId: bill.cdr.cdrId, version: 1 }, bill)),
    );
    const sessions = await waitFor('all of it', async () => {
      const { objects } = await emsp.pull(`${emsp.endpoint('sessions')}?date_from=${since}`, (answer) =>
        seen('SessionListResponse', answer),
      );
      const ours = told.map(({ snapshot }) => objects.find(({ id }) => id === snapshot.sessionId));
      const ended = ours.filter((session) => session?.['end_date_time'] && session['kwh'] !== 0);
      const priced = ours.filter((session) => session?.['status'] === 'COMPLETED');
      return ended.length === 3 && priced.length === 2 ? ours : undefined;
    });
    expect(sessions).toMatchObject([
      { kwh: 1, total_cost: { excl_vat: 1.25 }, cdr_token: { uid: 'token-0' } },
      { kwh: 2, total_cost: { excl_vat: 2.5 }, cdr_token: { uid: 'token-1' } },
      { kwh: 3, status: 'ACTIVE', end_date_time: endedAt.toISOString(), cdr_token: { uid: 'token-2' } },
    ]);
  });

  it('sessions needs date_from, and no list takes a page that cannot be meant', async () => {
    const { emsp } = await aPartner({ seesOwnFleet: true });
    for (const query of ['sessions', 'cdrs?offset=-1', 'tariffs?limit=0', 'locations?date_from=soon']) {
      const answer = await emsp.send('GET', `${app.base}/ocpi/2.2.1/${query}`);
      expect([answer.http, answer.body.status_code]).toEqual([200, 2001]);
      seen('OcpiResponse', answer);
    }
  });

  it('never crosses tenants, and shows unpublished locations to the own eMSP alone', async () => {
    const hidden = aLocation(9, { name: 'Depot', published: false });
    app.peers.locations.set('other', [hidden]);
    const [own, other, demo] = [
      (await aPartner({ principal: foreignOperator, seesOwnFleet: true })).emsp,
      (await aPartner({ principal: foreignOperator })).emsp,
      (await aPartner()).emsp,
    ];
    const names = async (emsp: MockEmsp) =>
      (await emsp.pull(emsp.endpoint('locations'), () => {})).objects.map(({ name }) => name);
    expect(await names(own)).toEqual(['Depot']);
    expect(await names(other)).toEqual([]);
    expect((await other.send('GET', `${other.endpoint('locations')}/${hidden.locationId}`)).http).toBe(404);
    expect(await names(demo)).not.toContain('Depot');
    expect((await app.partners(foreignOperator)).length).toBe(2);
    expect((await app.rig.graphql(driver, '{ ocpiPartners(first: 1) { edges { cursor } } }')).codes).toEqual([
      'FORBIDDEN',
    ]);
  });

  it('counts hidden locations for nobody who may not see them, and leaves no page shorter', async () => {
    const demo = app.peers.locations.get('demo')!;
    app.peers.locations.set('demo', [
      demo[0]!,
      aLocation(7, { name: 'Hidden', published: false }),
      ...demo.slice(1),
    ]);
    try {
      const totals = new Set<string | null>();
      const crawl = async ({ emsp }: { emsp: MockEmsp }) => {
        const { objects, pages } = await emsp.pull(`${emsp.endpoint('locations')}?limit=2`, (answer) => {
          totals.add(answer.headers.get('x-total-count'));
          seen('LocationListResponse', answer);
        });
        return [pages, objects.length, objects.some(({ name }) => name === 'Hidden')];
      };
      expect(await crawl(await aPartner())).toEqual([3, 5, false]);
      expect([...totals]).toEqual(['5']);
      expect(await crawl(await aPartner({ seesOwnFleet: true }))).toEqual([3, 6, true]);
      expect([...totals]).toEqual(['5', '6']);
    } finally {
      app.peers.locations.set('demo', demo);
    }
  });

  it('says 3000 while a service is away', async () => {
    const { emsp } = await aPartner();
    app.peers.away = true;
    try {
      const answer = await emsp.send('GET', emsp.endpoint('locations'));
      expect([answer.http, answer.body.status_code]).toEqual([200, 3000]);
    } finally {
      app.peers.away = false;
    }
  });
});

describe('the time of a partner’s last request', () => {
  const times = async (partnerId: string) => (await app.partner(partnerId)).lastRequestAt;

  it('is not written by a look at versions, which hubs take every few minutes (T17)', async () => {
    const emsp = await app.anEmsp();
    const { tokenA, versionsUrl, partner } = await app.invite(operator, { name: 'Hub' });
    expect((await emsp.send('GET', versionsUrl, { token: tokenA })).http).toBe(200);
    expect((await emsp.send('GET', `${app.base}/ocpi/2.2.1`, { token: tokenA })).http).toBe(200);
    expect(await times(partner.id)).toBeNull();
    const asked = await emsp.send('GET', `${app.base}/ocpi/2.2.1/credentials`, { token: tokenA });
    expect(asked.http).toBe(200);
    expect(Date.now() - Date.parse((await times(partner.id))!)).toBeLessThan(60_000);
  });

  it('is written by a pull', async () => {
    const { emsp, partnerId } = await aPartner();
    await app.rig.sql('update partner set last_request_at = null where id = $1', [partnerId]);
    await emsp.send('GET', emsp.theirs.versionsUrl);
    expect(await times(partnerId)).toBeNull();
    await emsp.send('GET', emsp.endpoint('tariffs'));
    expect(await times(partnerId)).not.toBeNull();
  });
});

describe('every answer', () => {
  it('echoes the ids and swaps the routing headers', async () => {
    const { emsp } = await aPartner();
    const headers = {
      'x-request-id': 'r-1',
      'x-correlation-id': 'c-1',
      'OCPI-from-country-code': 'DE',
      'OCPI-from-party-id': 'MOC',
      'OCPI-to-country-code': 'NL',
      'OCPI-to-party-id': 'kwd',
    };
    const answer = await emsp.send('GET', emsp.endpoint('tariffs'), { headers });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'x-request-id': 'r-1',
      'x-correlation-id': 'c-1',
      'ocpi-from-country-code': 'NL',
      'ocpi-from-party-id': 'KWD',
      'ocpi-to-country-code': 'DE',
      'ocpi-to-party-id': 'MOC',
    });
    const wrong = await emsp.send('GET', emsp.endpoint('tariffs'), {
      headers: { ...headers, 'OCPI-to-party-id': 'XYZ' },
    });
    expect(wrong.body.status_code).toBe(2001);
  });

  it('is an envelope, whatever is asked and however the token looks', async () => {
    const emsp = await app.anEmsp();
    const get = async (path: string, authorization?: string) => {
      const response = await fetch(
        `${app.base}/ocpi/${path}`,
        authorization === undefined ? {} : { headers: { authorization } },
      );
      const body = (await response.json()) as OcpiAnswer['body'];
      expect(body.timestamp).toMatch(/Z$/);
      return [response.status, body.status_code];
    };
    for (const authorization of [
      undefined,
      'Token',
      'Token %%%',
      'Bearer abc',
      `Token ${'é'.repeat(3)}`.normalize('NFC'),
      'Token gICA',
    ]) {
      expect(await get('versions', authorization)).toEqual([401, 2000]);
    }
    expect(await get('2.3.0/locations')).toEqual([404, 2000]);
    expect(await get('2.2.1/locations/%E0%A4%A')).toEqual([200, 2001]);
    const { emsp: known } = await aPartner();
    expect((await known.send('POST', known.endpoint('tariffs'), { body: {} })).http).toBe(405);
    expect(emsp.requests).toEqual([]);
  });

  it('follows the independent schemas of OCPI 2.2.1', (context) => {
    emitted.follow(context, [
      'CDRListResponse',
      'ConnectorResponse',
      'CredentialsResponse',
      'EvseResponse',
      'LocationListResponse',
      'LocationResponse',
      'OcpiResponse',
      'SessionListResponse',
      'TariffListResponse',
      'VersionDetailsResponse',
      'VersionListResponse',
    ]);
    const wrong = { data: [{ id: 'x' }], status_code: 1000, timestamp: new Date().toISOString() };
    expect(ocpiDeviations([{ schema: 'CDRListResponse', body: wrong }]).length).toBeGreaterThan(10);
  });
});
