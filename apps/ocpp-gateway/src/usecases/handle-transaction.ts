import { sessions } from '@kilowatch/contracts';
import { mwhFromWhText } from '@kilowatch/kernel';
import type { TransactionAnswer, TransactionMessage } from '@kilowatch/ocpp';
import { clockAtStart } from './connection-notes.js';
import { meterSets } from './meter-sets.js';
import { idTokenToWire, tokenStatus } from './token-status.js';
import { concernsSessions } from '../domain/transaction-road.js';
import { callOptions, type Handler, type HandlerPorts, type StationCall } from './station-call.js';

const KIND: Readonly<Record<TransactionMessage['kind'], sessions.TransactionEventKind>> = {
  STARTED: sessions.TransactionEventKind.TRANSACTION_EVENT_KIND_STARTED,
  UPDATED: sessions.TransactionEventKind.TRANSACTION_EVENT_KIND_UPDATED,
  ENDED: sessions.TransactionEventKind.TRANSACTION_EVENT_KIND_ENDED,
};

/** Transactions whose charging state a connection remembers: one per EVSE, and some of an offline queue. */
const REMEMBERED = 16;

/**
 * Start, update and end of a transaction. Readings go before the session, so that the closing register is there when the
 * session ends; only a message that names no transaction goes first, because sessions names it: a 1.6 start, and the stop of a
 * charger that lost the id (Q29). Both calls are idempotent: when one of them fails the charger repeats the message and both
 * run again.
 */
export const handleTransaction: Handler<TransactionMessage> = async (ports, call, message, deviations) => {
  const storeReadings = (transactionRef: string | null) =>
    ports.readings.add(
      meterSets(
        {
          tenant: call.station.tenant,
          stationId: call.station.stationId,
          evseNumber: message.evseNumber,
          connectorNumber: message.connectorNumber,
          transactionRef,
          receivedAt: call.receivedAt,
          seqNo: message.seqNo,
          offline: message.offline,
          deviations,
        },
        message.readings,
      ),
    );
  if (message.transactionRef === null) {
    const recorded = await record(ports, call, message);
    await storeReadings(recorded.transactionRef || null);
    return answer(ports, call, message, recorded);
  }
  await storeReadings(message.transactionRef);
  if (!concernsSessions(message, call.memory)) {
    return { type: 'transaction', transactionRef: message.transactionRef, token: null };
  }
  return answer(ports, call, message, await record(ports, call, message));
};

/** A queue that was offline is told no cost: nobody stands in front of the display. */
async function answer(
  ports: HandlerPorts,
  call: StationCall,
  message: TransactionMessage,
  recorded: sessions.RecordTransactionEventResponse,
): Promise<TransactionAnswer> {
  const { costDisplay, sessionId } = recorded;
  if (message.kind !== 'ENDED' || message.offline || !costDisplay) return answerOf(call, recorded);
  const totalCost = await ports.finalCost.of(call.station.tenant, sessionId, costDisplay);
  return { ...answerOf(call, recorded), totalCost };
}

async function record(
  ports: HandlerPorts,
  call: StationCall,
  message: TransactionMessage,
): Promise<sessions.RecordTransactionEventResponse> {
  const recorded = await ports.sessions.recordTransactionEvent(
    {
      stationId: call.station.stationId,
      protocol: call.station.protocol,
      kind: KIND[message.kind],
      transactionRef: message.transactionRef ?? '',
      evseNumber: message.evseNumber ?? 0,
      connectorNumber: message.connectorNumber ?? 0,
      idToken: idTokenToWire(message.idToken),
      trigger: message.trigger ?? '',
      chargingState: message.chargingState ?? '',
      seqNo: message.seqNo ?? undefined,
      offline: message.offline,
      occurredAt: message.occurredAt ?? undefined,
      receivedAt: call.receivedAt,
      registerMwh: registerMwh(message.registerWh),
      stoppedReason: message.stoppedReason ?? '',
      ocppMessageId: call.id.slice(0, 64),
      remoteStartId: message.remoteStartId ?? undefined,
      reservationId: message.reservationId ?? undefined,
      assignedTransactionRef: call.assignedTransactionRef ?? '',
      clockOffsetSeconds: clockAtStart(
        call.station,
        { value: message.idToken?.value ?? '', deviceTime: message.occurredAt },
        call.receivedAt,
      ),
    },
    callOptions(call),
  );
  remember(call, message);
  return recorded;
}

function remember({ memory }: StationCall, message: TransactionMessage): void {
  const { transactionRef, chargingState } = message;
  if (transactionRef === null) return;
  // A start may use an id again: its state is not that of the charge before.
  if (message.kind !== 'UPDATED') memory.delete(transactionRef);
  if (message.kind === 'ENDED') return;
  if (chargingState !== null) {
    memory.set(transactionRef, chargingState);
    if (memory.size > REMEMBERED) memory.delete(memory.keys().next().value!);
  }
}

/** Undefined when the text is no number: the raw reading is kept by metering, which judges it. */
function registerMwh(wh: string | null): number | undefined {
  if (wh === null) return undefined;
  try {
    return mwhFromWhText(wh);
  } catch {
    return undefined;
  }
}

function answerOf(
  { station }: StationCall,
  recorded: sessions.RecordTransactionEventResponse,
): TransactionAnswer {
  return {
    type: 'transaction',
    transactionRef: recorded.transactionRef,
    token:
      recorded.tokenStatus === undefined
        ? null
        : {
            status: tokenStatus(recorded.tokenStatus),
            groupId: recorded.groupId || null,
            cacheExpiry: recorded.cacheExpiry ?? null,
            language: recorded.tokenLanguage,
          },
    // 2.0.1 has no word for it.
    maxCost: station.version === '2.1' ? (recorded.maxCost?.amount ?? null) : null,
  };
}
