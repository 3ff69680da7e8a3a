// Real: Postgres (own role, row-level security), NATS, gRPC, HTTP. Played: auth and the gateway, behind real gRPC.
import { randomUUID } from 'node:crypto';
import { events, sessions } from '@kilowatch/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ago, operator, SessionsRig } from './sessions-rig.js';

let app: SessionsRig;
beforeAll(async () => {
  app = await SessionsRig.start();
});
afterAll(() => app.close());

interface SeenEvent {
  readonly kind: string;
  readonly critical: boolean;
  readonly techInfo: string | null;
}

async function securityEvents(stationId: string): Promise<SeenEvent[]> {
  const { data, errors } = await app.rig.graphql<{
    station: { securityEvents: { edges: { node: SeenEvent }[] } };
  }>(
    operator,
    'query($id: ID!) { station(id: $id) { securityEvents(first: 10) { edges { node { kind critical techInfo } } } } }',
    { id: stationId },
  );
  expect(errors).toEqual([]);
  return data!.station.securityEvents.edges.map(({ node }) => node);
}

describe('security events', () => {
  it('are kept once however often they are told, latest first', async () => {
    const station = await app.aStation();
    const tampered = { kind: 'TamperDetectionActivated', occurredAt: ago(5), techInfo: 'door' };
    await app.tell(station.id, { securityEvent: tampered });
    await app.tell(station.id, { securityEvent: tampered });
    await app.tell(station.id, {
      securityEvent: { kind: 'AcmeLampBroken', occurredAt: ago(1), techInfo: '' },
    });
    expect(await securityEvents(station.id)).toEqual([
      { kind: 'AcmeLampBroken', critical: false, techInfo: null },
      { kind: 'TamperDetectionActivated', critical: true, techInfo: 'door' },
    ]);
  });

  it('are published, saying which of them need somebody', async () => {
    const station = await app.aStation();
    for (const kind of ['StartupOfTheDevice', 'InvalidFirmwareSignature']) {
      await app.tell(station.id, { securityEvent: { kind, occurredAt: ago(2), techInfo: '' } });
    }
    const published = (await app.rig.published(events.securityEventRecorded)).filter(
      (event) => event.stationId === station.id,
    );
    expect(published.map(({ kind, needsAttention }) => [kind, needsAttention])).toEqual([
      ['StartupOfTheDevice', false],
      ['InvalidFirmwareSignature', true],
    ]);
  });

  it('of a station of nobody, or of another tenant, are refused', async () => {
    const station = await app.aStation();
    const securityEvent = { kind: 'ResetOrReboot', occurredAt: ago(1), techInfo: '' };
    await expect(app.tell(randomUUID(), { securityEvent })).rejects.toMatchObject({ kind: 'NOT_FOUND' });
    await expect(app.tell(station.id, { securityEvent }, 'other')).rejects.toMatchObject({
      kind: 'NOT_FOUND',
    });
  });
});

describe('a message of no known family', () => {
  it('is refused, so that the gateway keeps it', async () => {
    const station = await app.aStation();
    await expect(app.tell(station.id, {})).rejects.toMatchObject({ kind: 'INVALID' });
  });
});

describe('events of the device model', () => {
  const place = (variable: string) =>
    sessions.VariablePlace.fromPartial({
      component: 'Connector',
      evseNumber: 1,
      connectorNumber: 2,
      variable,
    });
  const event = (parts: Partial<sessions.DeviceEvent>) =>
    sessions.DeviceEvent.fromPartial({
      place: place('Problem'),
      eventId: 1,
      occurredAt: ago(3),
      trigger: 'Alerting',
      actualValue: 'true',
      notificationType: 'HardWiredMonitor',
      ...parts,
    });
  const shown = async (id: string, args = '') => {
    const { data } = await app.rig.graphql<{ station: { deviceEvents: { edges: { node: object }[] } } }>(
      operator,
      `query($id: ID!) { station(id: $id) { deviceEvents(first: 10${args}) { edges { node {
         eventId component evseNumber connectorNumber variable severity cleared monitorId techCode } } } } }`,
      { id },
    );
    return data!.station.deviceEvents.edges.map(({ node }) => node);
  };
  const told = async (id: string) =>
    (await app.rig.published(events.deviceEventRecorded)).filter(({ stationId }) => stationId === id);

  it('are kept once, latest first, and those of trouble are published', async () => {
    const { id } = await app.aStation();
    const all = [
      event({ severity: 2, techCode: 'E1' }),
      event({ eventId: 2, severity: 8, occurredAt: ago(2) }),
      event({ eventId: 3, severity: 2, cleared: true, occurredAt: ago(1) }),
    ];
    await app.tell(id, { deviceEvents: { events: all } });
    await app.tell(id, { deviceEvents: { events: all } });
    expect(await shown(id)).toMatchObject([
      { eventId: 3, severity: 2, cleared: true },
      { eventId: 2, severity: 8, cleared: false },
      {
        eventId: 1,
        component: 'Connector',
        evseNumber: 1,
        connectorNumber: 2,
        variable: 'Problem',
        techCode: 'E1',
      },
    ]);
    expect(await shown(id, ', leastSevere: 4')).toHaveLength(2);
    expect((await told(id)).map(({ variable, severity, cleared }) => [variable, severity, cleared])).toEqual([
      ['Connector.Problem', 2, false],
      ['Connector.Problem', 2, true],
    ]);
  });

  it('of a password tell that it changed, and not what it is', async () => {
    const { id } = await app.aStation();
    const actualValue = 'hush-hush-hush';
    await app.tell(id, {
      deviceEvents: { events: [event({ place: place('BasicAuthPassword'), severity: 2, actualValue })] },
    });
    expect(await told(id)).toMatchObject([{ variable: 'Connector.BasicAuthPassword', actualValue: '' }]);
    const rows = await app.rig.sql('SELECT * FROM device_event WHERE station_id = $1', [id]);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain('hush');
  });

  it('whose numbers began again after a boot are others', async () => {
    const { id } = await app.aStation();
    await app.tell(id, { deviceEvents: { events: [event({})] } });
    await app.tell(id, { deviceEvents: { events: [event({ occurredAt: ago(1) })] } });
    expect(await shown(id)).toHaveLength(2);
  });

  it('have the severity of their monitor when they say none (2.0.1)', async () => {
    const { id } = await app.aStation();
    const monitor = { place: place('Problem'), monitorId: 9, kind: 'Delta', value: '1', severity: 3 };
    const monitors = [sessions.Monitor.fromPartial(monitor)];
    await app.tell(id, { monitoringReport: { requestId: 1, seqNo: 0, last: true, monitors } });
    await app.tell(id, { deviceEvents: { events: [event({ monitorId: 9 })] } });
    expect(await shown(id)).toMatchObject([{ severity: 3, monitorId: 9 }]);
    expect(await told(id)).toHaveLength(1);
  });

  it('of a station of nobody are refused', async () => {
    const deviceEvents = { events: [event({})] };
    await expect(app.tell(randomUUID(), { deviceEvents })).rejects.toMatchObject({ kind: 'NOT_FOUND' });
    await expect(app.tell(randomUUID(), { deviceEvents: { events: [] } })).rejects.toMatchObject({
      kind: 'NOT_FOUND',
    });
  });
});

describe('a report in pages', () => {
  const page = (id: string, seqNo: number, last: boolean, requestId = 5) => {
    const monitors = [
      sessions.Monitor.fromPartial({
        place: { component: 'C', variable: `V${seqNo}` },
        monitorId: 10 + seqNo,
        kind: 'UpperThreshold',
        value: '80.5',
        severity: 4,
      }),
    ];
    return app.tell(id, { monitoringReport: { requestId, seqNo, last, monitors } });
  };
  interface Seen {
    station: {
      reports: { missingPages: number; completeAt: string | null }[];
      monitors: { edges: { node: object }[] };
    };
  }
  const seen = async (id: string) =>
    (
      await app.rig.graphql<Seen>(
        operator,
        `query($id: ID!) { station(id: $id) { reports { kind missingPages completeAt }
           monitors(first: 10) { edges { node { monitorId component variable kind value severity } } } } }`,
        { id },
      )
    ).data!.station;

  it('is complete when all of them came, in whatever order and however often', async () => {
    const { id } = await app.aStation();
    await page(id, 2, true);
    expect((await seen(id)).reports).toMatchObject([{ missingPages: 2, completeAt: null }]);
    await page(id, 0, false);
    await page(id, 0, false);
    expect((await seen(id)).reports).toMatchObject([{ missingPages: 1, completeAt: null }]);
    await page(id, 1, false);
    const { reports, monitors } = await seen(id);
    expect(reports).toMatchObject([
      { kind: 'MONITORS', missingPages: 0, completeAt: expect.any(String) as string },
    ]);
    expect(monitors.edges.map(({ node }) => node)).toMatchObject([
      { monitorId: 10, component: 'C', variable: 'V0', kind: 'UpperThreshold', value: '80.5', severity: 4 },
      { monitorId: 11 },
      { monitorId: 12 },
    ]);
  });

  it('is counted page by page even when they come at once', async () => {
    const { id } = await app.aStation();
    await Promise.all([0, 1, 2, 3, 4].map((seqNo) => page(id, seqNo, seqNo === 4)));
    expect((await seen(id)).reports).toMatchObject([{ missingPages: 0 }]);
  });
});
