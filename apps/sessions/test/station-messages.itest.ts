// Real: Postgres (own role, row-level security), NATS, gRPC, HTTP. Played: auth and the gateway, behind real gRPC.
import { randomUUID } from 'node:crypto';
import { events, sessions } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ago, operator, SessionsRig } from './sessions-rig.js';

let app: SessionsRig;
beforeAll(async () => {
  app = await SessionsRig.start();
});
afterAll(() => app.close());

function tell(stationId: string, message: Partial<sessions.RecordStationMessageRequest>, tenant = 'demo') {
  const request = sessions.RecordStationMessageRequest.fromPartial({
    protocol: 'ocpp1.6',
    receivedAt: new Date(),
    ...message,
    stationId,
  });
  return app.client.recordStationMessage(request, { tenant: tenantId(tenant), deadlineMs: 5_000 });
}

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
    await tell(station.id, { securityEvent: tampered });
    await tell(station.id, { securityEvent: tampered });
    await tell(station.id, { securityEvent: { kind: 'AcmeLampBroken', occurredAt: ago(1), techInfo: '' } });
    expect(await securityEvents(station.id)).toEqual([
      { kind: 'AcmeLampBroken', critical: false, techInfo: null },
      { kind: 'TamperDetectionActivated', critical: true, techInfo: 'door' },
    ]);
  });

  it('are published, saying which of them need somebody', async () => {
    const station = await app.aStation();
    for (const kind of ['StartupOfTheDevice', 'InvalidFirmwareSignature']) {
      await tell(station.id, { securityEvent: { kind, occurredAt: ago(2), techInfo: '' } });
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
    await expect(tell(randomUUID(), { securityEvent })).rejects.toMatchObject({ kind: 'NOT_FOUND' });
    await expect(tell(station.id, { securityEvent }, 'other')).rejects.toMatchObject({ kind: 'NOT_FOUND' });
  });
});

describe('a message of no known family', () => {
  it('is refused, so that the gateway keeps it', async () => {
    const station = await app.aStation();
    await expect(tell(station.id, {})).rejects.toMatchObject({ kind: 'INVALID' });
  });
});
