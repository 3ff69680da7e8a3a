import { metering, sessions } from '@kilowatch/contracts';
import { mwhFromWhText, Secret, tenantId } from '@kilowatch/kernel';
import {
  mapCall,
  SUBPROTOCOLS,
  type JsonObject,
  type MeterValuesMessage,
  type Reading,
  type TransactionMessage,
} from '@kilowatch/ocpp';
import {
  grpcClient,
  ServiceTokens,
  systemClock,
  type CallOptions,
  type GrpcClient,
} from '@kilowatch/platform';
import type { Frame } from '@kilowatch/testing';
import { findStation } from '../kw/commands/find-station.js';
import { localSecrets } from '../system/secrets.js';
import { DEMO_TENANT } from '../system/system-options.js';
import type { Member, Stage } from './stage.js';
import { isTransactionAction } from './wire-watch.js';

interface Told {
  readonly member: Member;
  readonly action: string;
  readonly payload: JsonObject;
  readonly answer: JsonObject;
  readonly receivedAt: Date;
}

type Place = Pick<metering.MeterValueSet, 'stationId' | 'evseNumber' | 'connectorNumber' | 'transactionRef'>;

const { TransactionEventKind } = sessions;
const KINDS = {
  STARTED: TransactionEventKind.TRANSACTION_EVENT_KIND_STARTED,
  UPDATED: TransactionEventKind.TRANSACTION_EVENT_KIND_UPDATED,
  ENDED: TransactionEventKind.TRANSACTION_EVENT_KIND_ENDED,
} as const;
/** Each call goes out so often, all at once: a retry may overtake the call it repeats. */
const TIMES = 3;
const OPTIONS: CallOptions = { tenant: tenantId(DEMO_TENANT), deadlineMs: 10_000, idempotent: true };

/**
 * Plays a gateway that did not hear the answers to its calls: what chargers told and was answered goes to sessions and metering
 * over gRPC again, with the same content. Both must say the same as before and store nothing.
 */
export class GrpcAgain {
  calls = 0;
  /** One sentence for each call that had an effect or another answer. */
  readonly problems: string[] = [];
  private readonly asked = new Map<string, Omit<Told, 'answer'>>();
  private readonly told: Told[] = [];

  constructor(private readonly stage: Stage) {}

  onFrame(member: Member, direction: 'sent' | 'received', [type, id, third, fourth]: Frame): void {
    const key = `${member.charger.identity} ${id}`;
    if (direction === 'sent' && type === 2 && isTransactionAction(String(third))) {
      const payload = structuredClone(fourth) as JsonObject;
      this.asked.set(key, { member, action: String(third), payload, receivedAt: new Date() });
    }
    const call = this.asked.get(key);
    if (direction !== 'received' || type !== 3 || !call) return;
    this.asked.delete(key);
    this.told.push({ ...call, answer: third as JsonObject });
  }

  /** Everything that was told so far. */
  async repeat(): Promise<void> {
    const { grpc } = this.stage.system.addresses;
    const secret = new Secret(localSecrets(this.stage.system.options.dataDir).serviceSecret);
    const tokens = new ServiceTokens({ service: 'ocpp-gateway', secret, clock: systemClock });
    const to = (service: string) => ({ url: `127.0.0.1:${grpc[service]}`, tokens, clock: systemClock });
    const clients = {
      sessions: grpcClient(sessions.SessionsServiceClient, to('sessions')),
      metering: grpcClient(metering.MeteringServiceClient, to('metering')),
    };
    const stations = new Map<Member, string>();
    try {
      for (const one of [...this.told]) {
        const { member } = one;
        const stationId =
          stations.get(member) ?? (await findStation(this.stage.people.operator, member.charger.identity));
        stations.set(member, stationId);
        await this.again(clients, one, stationId);
      }
    } finally {
      clients.sessions.close();
      clients.metering.close();
    }
  }

  private async again(clients: Clients, one: Told, stationId: string): Promise<void> {
    const { member, action, payload, answer, receivedAt } = one;
    const { message } = mapCall(member.version, action, payload, { receivedAt });
    if (message.type !== 'transaction' && message.type !== 'meterValues') return;
    const where = `${member.charger.identity} ${action}`;
    let ref = message.transactionRef ?? '';
    if (message.type === 'transaction' && concernsSessions(message)) {
      const request = eventRequest(message, stationId, member.version, receivedAt);
      const answers = await this.times(() => clients.sessions.recordTransactionEvent(request, OPTIONS));
      ref = String(answer['transactionId'] ?? ref);
      for (const { transactionRef, duplicate, orphan } of answers)
        if (!duplicate || orphan || transactionRef !== ref)
          this.problems.push(
            `${where} again over gRPC: ${JSON.stringify({ transactionRef, duplicate, orphan })}, first ${ref}`,
          );
    }
    const sets = setsOf(message, { ...placeOf(message, stationId), transactionRef: ref }, receivedAt);
    if (sets.length === 0) return;
    for (const { stored } of await this.times(() => clients.metering.recordReadings({ sets }, OPTIONS)))
      if (stored > 0) this.problems.push(`${where} again over gRPC: ${stored} readings are stored twice`);
  }

  private times<T>(call: () => Promise<T>): Promise<T[]> {
    this.calls += TIMES;
    return Promise.all(Array.from({ length: TIMES }, call));
  }
}

interface Clients {
  readonly sessions: GrpcClient<typeof sessions.SessionsServiceService>;
  readonly metering: GrpcClient<typeof metering.MeteringServiceService>;
}

/** A gateway does not tell sessions of an update that brings readings and nothing else. */
function concernsSessions({ kind, idToken, trigger }: TransactionMessage): boolean {
  return kind !== 'UPDATED' || idToken !== null || !trigger?.startsWith('MeterValue');
}

function eventRequest(
  message: TransactionMessage,
  stationId: string,
  version: Member['version'],
  receivedAt: Date,
): sessions.RecordTransactionEventRequest {
  return sessions.RecordTransactionEventRequest.fromPartial({
    stationId,
    protocol: SUBPROTOCOLS[version],
    kind: KINDS[message.kind],
    transactionRef: message.transactionRef ?? '',
    evseNumber: message.evseNumber ?? 0,
    connectorNumber: message.connectorNumber ?? 0,
    ...(message.idToken
      ? { idToken: { value: message.idToken.value, type: message.idToken.type ?? 'ISO14443' } }
      : {}),
    trigger: message.trigger ?? '',
    chargingState: message.chargingState ?? '',
    ...(message.seqNo === null ? {} : { seqNo: message.seqNo }),
    offline: message.offline,
    occurredAt: message.occurredAt ?? undefined,
    receivedAt,
    ...(message.registerWh === null ? {} : { registerMwh: mwhFromWhText(message.registerWh) }),
    stoppedReason: message.stoppedReason ?? '',
  });
}

function placeOf(
  { evseNumber, connectorNumber }: TransactionMessage | MeterValuesMessage,
  stationId: string,
): Omit<Place, 'transactionRef'> {
  return { stationId, evseNumber: evseNumber ?? 0, connectorNumber: connectorNumber ?? 0 };
}

function setsOf(
  { readings }: { readonly readings: readonly Reading[] },
  place: Place,
  receivedAt: Date,
): metering.MeterValueSet[] {
  const sets = new Map<number, metering.MeterValueSet>();
  for (const reading of readings) {
    const at = reading.measuredAt.getTime();
    const set =
      sets.get(at) ??
      metering.MeterValueSet.fromPartial({
        ...place,
        tenant: DEMO_TENANT,
        measuredAt: reading.measuredAt,
        receivedAt,
      });
    sets.set(at, set);
    set.samples.push({
      value: reading.rawValue,
      context: reading.context,
      measurand: reading.measurand,
      phase: reading.phase ?? '',
      location: reading.location,
      unit: reading.unit,
      multiplier: reading.multiplier,
      signedData: reading.signed?.data ?? '',
      signedEncoding: reading.signed?.encodingMethod ?? '',
      signedPublicKey: reading.signed?.publicKey ?? '',
    });
  }
  return [...sets.values()];
}
