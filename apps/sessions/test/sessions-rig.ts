import { sessions } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { ServiceRig, waitFor, type TestPrincipal } from '@kilowatch/testing';
import { configShape } from '../src/config.js';
import { sessionsService } from '../src/sessions.module.js';
import { ProvisionStations } from '../src/usecases/provision-stations.js';
import { Peers } from './peers.js';

const { TransactionEventKind: Kind } = sessions;

export const operator: TestPrincipal = { accountId: 'oper', tenant: 'demo', role: 'operator' };
export const anna: TestPrincipal = { accountId: 'anna', tenant: 'demo', role: 'driver' };
export const bob: TestPrincipal = { accountId: 'bob', tenant: 'demo', role: 'driver' };
export const stranger: TestPrincipal = { accountId: 'oper', tenant: 'other', role: 'operator' };

export interface ImportedStation {
  readonly id: string;
  readonly identity: string;
  readonly evses: readonly {
    id: string;
    number: number;
    connectors: readonly { id: string; number: number }[];
  }[];
}

export interface ImportPayload {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly problems: readonly { index: number; code: string }[];
  readonly stations: readonly ImportedStation[];
}

const IMPORT = `mutation($input: ImportStationsInput!) { importStations(input: $input) {
  created updated unchanged problems { index code message }
  stations { id identity evses { id number connectors { id number } } } } }`;

/** Sessions on a real Postgres and NATS, auth and gateway played behind real gRPC. */
export class SessionsRig {
  private names = 0;

  private constructor(
    readonly rig: ServiceRig,
    readonly peers: Peers,
  ) {}

  static async start(env: Readonly<Record<string, string>> = {}): Promise<SessionsRig> {
    const peers = await Peers.start();
    const rig = await ServiceRig.start({
      service: sessionsService,
      shape: configShape,
      // Stations are not set up behind a test's back.
      env: { ...peers.env, KW_PROVISION_ON_BOOT: 'false', ...env },
    });
    return new SessionsRig(rig, peers);
  }

  async close(): Promise<void> {
    await this.rig.close();
    await this.peers.close();
  }

  async import(
    stations: readonly object[],
    locations: readonly object[] = [],
    who = operator,
  ): Promise<ImportPayload> {
    const { data, errors } = await this.rig.graphql<{ importStations: ImportPayload }>(who, IMPORT, {
      input: { stations, locations },
    });
    if (!data) throw new Error(JSON.stringify(errors));
    return data.importStations;
  }

  /** A station of its own with EVSEs 1 and 2 of one connector each. */
  async aStation(over: object = {}, who = operator): Promise<ImportedStation> {
    const identity = `CP-${++this.names}-${who.tenant}`;
    const connectors = [1, 2].map((evseNumber) => ({ evseNumber, number: 1, maxCurrentA: 32 }));
    const entry = { identity, location: 'Depot', securityProfile: 0, connectors, ...over };
    const { stations, problems } = await this.import([entry], [], who);
    if (!stations[0]) throw new Error(JSON.stringify(problems));
    return stations[0];
  }

  /** One the gateway says is online. */
  async anOnlineStation(over: object = {}): Promise<ImportedStation> {
    const station = await this.aStation(over);
    await this.boot(station.id, { vendor: '', model: '', firmwareVersion: '' });
    return station;
  }

  boot(stationId: string, parts: Partial<sessions.RecordBootRequest> = {}, tenant = 'demo') {
    const request = sessions.RecordBootRequest.fromPartial({
      stationId,
      generation: 1,
      protocol: 'ocpp1.6',
      vendor: 'ACME',
      model: 'M1',
      firmwareVersion: '1.0',
      ...parts,
    });
    return this.client.recordBoot(request, { tenant: tenantId(tenant) });
  }

  /** What a station says about itself, or about what it was asked to do. */
  tell(stationId: string, message: Partial<sessions.RecordStationMessageRequest>, tenant = 'demo') {
    const request = sessions.RecordStationMessageRequest.fromPartial({
      protocol: 'ocpp2.0.1',
      receivedAt: new Date(),
      ...message,
      stationId,
    });
    return this.client.recordStationMessage(request, { tenant: tenantId(tenant), deadlineMs: 5_000 });
  }

  /** Does now what the station would get later; nothing when there is nothing to do. */
  async provision(stationId: string): Promise<void> {
    const lease = async (change = '') => {
      const rows = await this.rig.sql<{ lease: string }>(
        `${change || 'select lease from station_provision where station_id = $1'}`,
        [stationId],
      );
      return rows[0]?.lease;
    };
    const before = await lease(
      'update station_provision set due_at = to_timestamp(0) where station_id = $1 and due_at is not null returning lease',
    );
    if (before === undefined) return;
    await waitFor('the station to be provisioned', async () => {
      await this.rig.running.background.jobs.get('provision-stations')!.runDue();
      await this.rig.running.get(ProvisionStations).beforeApplicationShutdown();
      return (await lease()) !== before;
    });
  }

  get client() {
    return this.rig.grpc(sessions.SessionsServiceClient);
  }

  event(stationId: string, parts: Partial<sessions.RecordTransactionEventRequest>, tenant = 'demo') {
    const request = sessions.RecordTransactionEventRequest.fromPartial({
      stationId,
      protocol: 'ocpp2.0.1',
      kind: Kind.TRANSACTION_EVENT_KIND_STARTED,
      evseNumber: 1,
      connectorNumber: 1,
      occurredAt: new Date(),
      receivedAt: new Date(),
      ...parts,
    });
    return this.client.recordTransactionEvent(request, { tenant: tenantId(tenant) });
  }

  start16(
    stationId: string,
    card: string,
    at: Date,
    parts: Partial<sessions.RecordTransactionEventRequest> = {},
  ) {
    return this.event(stationId, {
      protocol: 'ocpp1.6',
      idToken: { value: card, type: 'ISO14443' },
      occurredAt: at,
      registerMwh: 1_000_000,
      ...parts,
    });
  }

  stop16(stationId: string, transactionRef: string, at: Date, card?: string) {
    return this.event(stationId, {
      protocol: 'ocpp1.6',
      kind: Kind.TRANSACTION_EVENT_KIND_ENDED,
      evseNumber: 0,
      connectorNumber: 0,
      transactionRef,
      occurredAt: at,
      stoppedReason: 'EVDisconnected',
      registerMwh: 9_000_000,
      ...(card ? { idToken: { value: card, type: 'ISO14443' } } : {}),
    });
  }

  status(
    stationId: string,
    status: string,
    at: Date,
    parts: Partial<sessions.RecordConnectorStatusRequest> = {},
  ) {
    const request = sessions.RecordConnectorStatusRequest.fromPartial({
      stationId,
      protocol: 'ocpp1.6',
      evseNumber: 1,
      connectorNumber: 1,
      status,
      errorCode: 'NoError',
      occurredAt: at,
      receivedAt: new Date(),
      ...parts,
    });
    return this.client.recordConnectorStatus(request, { tenant: tenantId('demo') });
  }

  async connectorStatus(station: ImportedStation, evse = 1): Promise<string> {
    const { data } = await this.rig.graphql<{ station: { evses: { status: string }[] } }>(
      operator,
      'query($id: ID!) { station(id: $id) { evses { status } } }',
      { id: station.id },
    );
    return data!.station.evses[evse - 1]!.status;
  }
}

/** The id of the first connector of an EVSE. */
export function connectorOf(station: ImportedStation, evse = 1): string {
  return station.evses[evse - 1]!.connectors[0]!.id;
}

/** One present for a whole file: the same `ago` twice is the same time, however slow the machine. */
const PRESENT = Math.floor(Date.now() / 1000) * 1000;

/** Minutes ago, whole seconds as chargers write them. */
export function ago(minutes: number): Date {
  return new Date(PRESENT - minutes * 60_000);
}
