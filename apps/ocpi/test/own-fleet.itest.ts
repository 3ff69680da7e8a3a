// Real: Postgres (own role, row-level security), NATS JetStream, HTTP. Sessions, metering and billing are played by the rig.
import { randomUUID } from 'node:crypto';
import { events, type sessions } from '@kilowatch/contracts';
import { waitFor, type MockEmsp, type TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCdr, aLocation, aMetered, aSnapshot } from './ocpi-builders.js';
import { OcpiRig } from './ocpi-rig.js';

let app: OcpiRig;
beforeAll(async () => {
  app = await OcpiRig.start();
});
afterAll(() => app.close());

interface KeptRow {
  session_id: string;
  last_updated: Date;
}

/** A tenant of its own for each test. */
function aTenant() {
  const tenant = `fleet-${randomUUID().slice(0, 8)}`;
  const principal: TestPrincipal = { accountId: randomUUID(), tenant, role: 'operator' };
  const seen = (eventId: string) =>
    waitFor('the event to be seen', async () => {
      const rows = await app.rig.sql('select 1 from inbox where event_id = $1', [eventId]);
      return rows.length > 0;
    });
  const about = (aggregateId: string, version: number) => ({ tenant, aggregateId, version });
  const publish = app.rig.publish.bind(app.rig);
  return {
    tenant,
    rows: () => app.rig.sql<KeptRow>('select * from roaming_session where tenant = $1', [tenant], tenant),
    sql: (text: string) => app.rig.sql(text, [tenant], tenant),
    aPartner: (seesOwnFleet = true) => app.aPartner({ principal, seesOwnFleet }),
    remove: (partnerId: string) => app.ofPartner('removeOcpiPartner', partnerId, principal),
    started: async (session: sessions.SessionSnapshot) =>
      seen(await publish(events.sessionStarted, about(session.sessionId, 1), { session })),
    changed: async (session: sessions.SessionSnapshot, version = 2) => {
      const payload = { session, previousState: '' };
      await seen(
        await publish(events.sessionChargingStateChanged, about(session.sessionId, version), payload),
      );
    },
    ended: async (session: sessions.SessionSnapshot) => {
      const over = { ...session, status: 'ENDED', endedAt: new Date('2026-03-01T11:00:00Z') };
      await seen(await publish(events.sessionEnded, about(session.sessionId, 9), { session: over }));
    },
    billed: async (session: sessions.SessionSnapshot) => {
      const cdr = aCdr(session);
      await seen(await publish(events.sessionMetered, about(session.sessionId, 1), aMetered(cdr)));
      await seen(await publish(events.cdrIssued, about(cdr.cdrId, 1), { cdr }));
    },
  };
}
const aSession = () => aSnapshot(aLocation(1));
const since = new Date(Date.now() - 60_000).toISOString();
const pulled = async (emsp: MockEmsp) =>
  (await emsp.pull(`${emsp.endpoint('sessions')}?date_from=${since}`, () => {})).objects;

describe('sessions of our own tokens', () => {
  it('are not kept while no partner may see them', async () => {
    const house = aTenant();
    await house.aPartner(false);
    const session = aSession();
    await house.started(session);
    await house.changed(session);
    await house.ended(session);
    await house.billed(session);
    expect(await house.rows()).toEqual([]);
  });

  it('are told from their next news on once a partner may see them: over and billed before, only in CDRs', async () => {
    const house = aTenant();
    const [past, ended, running] = [aSession(), aSession(), aSession()];
    for (const session of [past, ended, running]) await house.started(session);
    for (const session of [past, ended]) await house.ended(session);
    await house.billed(past);
    const { emsp } = await house.aPartner();
    await house.billed(ended);
    expect(await pulled(emsp)).toEqual([]);
    await house.ended(running);
    await house.billed(running);
    expect(await pulled(emsp)).toMatchObject([
      {
        id: running.sessionId,
        status: 'COMPLETED',
        start_date_time: running.startedAt!.toISOString(),
        end_date_time: '2026-03-01T11:00:00.000Z',
        kwh: 10,
      },
    ]);
  });

  it('that went on while no partner saw them are not told as they were', async () => {
    const house = aTenant();
    const before = await house.aPartner();
    const [done, left, running] = [aSession(), aSession(), aSession()];
    for (const session of [done, left, running]) await house.started(session);
    await house.ended(done);
    await house.billed(done);
    // An invitation that nobody has answered counts: what is told once it is must be complete.
    expect(await house.rows()).toHaveLength(3);
    await house.remove(before.partnerId);
    await house.ended(left);
    await house.billed(left);
    const { emsp } = await house.aPartner();
    expect((await pulled(emsp)).map(({ id }) => id)).toEqual([done.sessionId]);
    await house.changed(running);
    expect((await pulled(emsp)).map(({ id, status }) => [id, status])).toEqual([
      [done.sessionId, 'COMPLETED'],
      [running.sessionId, 'ACTIVE'],
    ]);
  });

  it('are new to a partner only when something has changed that it is told', async () => {
    const house = aTenant();
    await house.aPartner();
    const session = aSession();
    await house.started(session);
    const [first] = await house.rows();
    await house.changed({ ...session, chargingState: 'SUSPENDED_EV' });
    expect((await house.rows())[0]!.last_updated).toEqual(first!.last_updated);
    await house.changed({ ...session, tokenId: 'another' }, 3);
    const [second] = await house.rows();
    expect(second!.last_updated.getTime()).toBeGreaterThan(first!.last_updated.getTime());
    // Late: the one before is known.
    await house.changed(session, 2);
    expect(await house.rows()).toEqual([second]);
    await house.ended(session);
    await house.billed(session);
    const [last] = await house.rows();
    // S1: nothing of it changes after its price is known.
    const again = { ...aMetered(aCdr(session)), energyMwh: 11_000_000 };
    const eventId = await app.rig.publish(
      events.sessionMetered,
      { tenant: house.tenant, aggregateId: session.sessionId, version: 2 },
      again,
    );
    await waitFor(
      'the late energy',
      async () => (await app.rig.sql('select 1 from inbox where event_id = $1', [eventId])).length > 0,
    );
    expect(await house.rows()).toEqual([last]);
  });
});
