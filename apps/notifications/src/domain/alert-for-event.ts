/**
 * Which alert an event gives rise to. Drivers hear about their session and invoice; a session of a card without an
 * account alerts nobody. Operators hear about faults, anomalies, security events, failed updates, connectors that need a
 * person, and attempts that look unauthorised.
 */
import { carFullAt, fullTime, wasFull, type ToldState } from '@kilowatch/kernel';
import { IN_FAVOUR, OPERATORS, type AlertFacts, type AlertIntent } from './alert.js';

/** What is known of a session when something happens in it. */
export interface SessionFacts {
  readonly sessionId: string;
  readonly accountId: string;
  readonly stationId: string;
  readonly stationIdentity: string;
  readonly locationName: string;
  readonly timeZone: string;
}

// OCPP 1.6 Reason (7.36) and 2.0.1 ReasonEnumType (3.64): what neither driver nor car nor operator's stop asked for.
const FAULT_REASONS = new Set([
  'emergencystop',
  'groundfault',
  'hardreset',
  'immediatereset',
  'other',
  'overcurrentfault',
  'powerloss',
  'powerquality',
  'reboot',
  'softreset',
]);

export function startedAlert(session: SessionFacts, at: Date): AlertIntent | undefined {
  return driverAlert(session, 'CHARGING_STARTED', `started:${session.sessionId}`, at);
}

/** The car asks for no more power after it has charged: full as far as anyone can tell. Once per session; idle is billed from there. */
export function chargingStateAlert(
  session: SessionFacts,
  change: { readonly state: string; readonly periods: readonly ToldState[] },
  at: Date,
): AlertIntent | undefined {
  if (change.state !== 'SUSPENDED_EV' || !carFullAt(change.periods)) return undefined;
  return driverAlert(session, 'FULLY_CHARGED', `full:${session.sessionId}`, at);
}

/** A car that was full then lost nothing. */
export function endedAlert(
  session: SessionFacts,
  { stopReason, periods }: { readonly stopReason: string; readonly periods: readonly ToldState[] },
  at: Date,
): AlertIntent | undefined {
  if (!FAULT_REASONS.has(stopReason.toLowerCase())) return undefined;
  if (wasFull(fullTime(periods), at.getTime())) return undefined;
  return interruptedAlert(session, stopReason, at);
}

/** Detected by insights or told by the charger's stop reason: one alert per session, whichever comes first. */
export function interruptedAlert(session: SessionFacts, cause: string, at: Date): AlertIntent | undefined {
  return driverAlert(session, 'CHARGING_INTERRUPTED', `interrupted:${session.sessionId}`, at, { cause });
}

/** A bill below zero is told as what it brought the driver. */
export function invoiceAlert(
  invoice: {
    readonly invoiceId: string;
    readonly number: string;
    readonly accountId: string;
    /** Empty: a collective invoice. */
    readonly sessionId: string;
    readonly month: string;
    readonly amount: string;
    readonly currency: string;
  },
  session: SessionFacts | undefined,
  at: Date,
): AlertIntent | undefined {
  if (invoice.accountId === '') return undefined;
  return {
    recipient: invoice.accountId,
    kind: 'INVOICE_READY',
    dedupeKey: `invoice:${invoice.invoiceId}`,
    sessionId: invoice.sessionId,
    stationId: session?.stationId ?? '',
    raisedAt: at,
    facts: {
      ...(session ? place(session) : {}),
      invoiceNumber: invoice.number,
      documentId: invoice.invoiceId,
      ...(invoice.month === '' ? {} : { month: invoice.month }),
      amount: invoice.amount.replace(/^-/, ''),
      ...(invoice.amount.startsWith('-') ? { cause: IN_FAVOUR } : {}),
      currency: invoice.currency,
      at: at.toISOString(),
    },
  };
}

/** An invoice was taken back. `amount`: what the driver gets back, above zero. */
export function creditAlert(
  credit: {
    readonly creditNoteId: string;
    readonly number: string;
    readonly invoiceNumber: string;
    readonly accountId: string;
    readonly sessionId: string;
    readonly amount: string;
    readonly currency: string;
  },
  session: SessionFacts | undefined,
  at: Date,
): AlertIntent | undefined {
  const { creditNoteId, number, invoiceNumber, accountId, sessionId, amount, currency } = credit;
  if (accountId === '') return undefined;
  return {
    recipient: accountId,
    kind: 'INVOICE_CREDITED',
    dedupeKey: `credit:${creditNoteId}`,
    sessionId,
    stationId: session?.stationId ?? '',
    raisedAt: at,
    facts: {
      ...(session ? place(session) : {}),
      ...{ invoiceNumber, documentId: creditNoteId, cause: number, amount, currency, at: at.toISOString() },
    },
  };
}

interface DisputeFacts {
  readonly disputeId: string;
  readonly sessionId: string;
  readonly accountId: string;
  readonly invoiceNumber: string;
}

/** Somebody must decide, and until then the invoice is not paid. */
export function disputeOpenedAlert(
  dispute: DisputeFacts & { readonly reason: string },
  session: SessionFacts | undefined,
  at: Date,
): AlertIntent {
  return disputeAlert('DISPUTE_OPENED', OPERATORS, dispute, dispute.reason, session, at);
}

export function disputeDecidedAlert(
  dispute: DisputeFacts & { readonly state: string },
  session: SessionFacts | undefined,
  at: Date,
): AlertIntent | undefined {
  if (dispute.accountId === '') return undefined;
  return disputeAlert('DISPUTE_DECIDED', dispute.accountId, dispute, dispute.state, session, at);
}

function disputeAlert(
  kind: AlertIntent['kind'],
  recipient: string,
  { disputeId, sessionId, invoiceNumber }: DisputeFacts,
  cause: string,
  session: SessionFacts | undefined,
  at: Date,
): AlertIntent {
  return {
    ...{ recipient, kind, dedupeKey: `${kind}:${disputeId}`, sessionId, raisedAt: at },
    stationId: session?.stationId ?? '',
    facts: { ...(session ? place(session) : {}), invoiceNumber, cause, at: at.toISOString() },
  };
}

/** `faultVersion`: the connector's version when it went faulty, so that the next fault is another alert. */
export function faultAlert(
  connector: {
    readonly connectorId: string;
    readonly stationId: string;
    readonly stationIdentity: string;
    readonly connectorNumber: number;
    readonly errorCode: string;
  },
  faultVersion: number,
  at: Date,
): AlertIntent {
  return {
    recipient: OPERATORS,
    kind: 'STATION_FAULT',
    dedupeKey: `fault:${connector.connectorId}:${faultVersion}`,
    sessionId: '',
    stationId: connector.stationId,
    raisedAt: at,
    facts: {
      stationIdentity: connector.stationIdentity,
      connectorNumber: connector.connectorNumber,
      cause: connector.errorCode,
      at: at.toISOString(),
    },
  };
}

/** What is no more than a hint (a plug that was pulled while power flowed) is for those who look at the list. 0: nobody said how sure it is. */
export function isHint({ confidence }: { readonly confidence: number }): boolean {
  return confidence > 0 && confidence <= HINT_CONFIDENCE;
}

const HINT_CONFIDENCE = 0.5;

export function anomalyAlert(
  anomaly: {
    readonly anomalyId: string;
    readonly kind: string;
    readonly sessionId: string;
    readonly stationId: string;
    readonly stationIdentity: string;
  },
  session: SessionFacts | undefined,
  at: Date,
): AlertIntent {
  return {
    recipient: OPERATORS,
    kind: 'ANOMALY',
    dedupeKey: `anomaly:${anomaly.anomalyId}`,
    sessionId: anomaly.sessionId,
    stationId: anomaly.stationId,
    raisedAt: at,
    facts: {
      ...(session ? place(session) : {}),
      ...(anomaly.stationIdentity ? { stationIdentity: anomaly.stationIdentity } : {}),
      cause: anomaly.kind,
      at: at.toISOString(),
    },
  };
}

/** A feed of market prices left out the next day, or some of it. Once a feed and day. */
export function missingPricesAlert(
  feed: { readonly source: string; readonly area: string; readonly day: string },
  at: Date,
): AlertIntent {
  const { source, area, day } = feed;
  return {
    recipient: OPERATORS,
    kind: 'PRICES_MISSING',
    dedupeKey: `prices:${source}:${area}:${day}`,
    sessionId: '',
    stationId: '',
    raisedAt: at,
    facts: { cause: `${source} ${area}, ${day}`, at: at.toISOString() },
  };
}

/** What a station event needs to be told: facts of place, as the event names them. */
export interface NamedStation {
  readonly stationId: string;
  readonly stationIdentity: string;
  readonly locationName: string;
  readonly timeZone: string;
}

/** Once a day for each kind and station: a wrong certificate is told at each connection. Undefined: nobody need look. */
export function securityAlert(
  event: NamedStation & { readonly kind: string; readonly needsAttention: boolean },
  at: Date,
): AlertIntent | undefined {
  if (!event.needsAttention) return undefined;
  const key = `security:${event.stationId}:${event.kind}:${at.toISOString().slice(0, 10)}`;
  return stationAlert('STATION_SECURITY', key, event, event.kind, at);
}

/** An update that failed. A refusal was the answer to whoever asked for it. */
export function firmwareAlert(
  update: NamedStation & {
    readonly firmwareUpdateId: string;
    readonly status: string;
    readonly failed: boolean;
  },
  at: Date,
): AlertIntent | undefined {
  if (!update.failed || update.status === 'REFUSED') return undefined;
  const key = `firmware:${update.firmwareUpdateId}:${update.status}`;
  return stationAlert('FIRMWARE_FAILED', key, update, update.status, at);
}

/** A connector that nothing helped (docs/ocpp-notes.md Q47): once per recovery. */
export function stuckAlert(
  connector: NamedStation & {
    readonly recoveryId: string;
    readonly trouble: string;
    readonly evseNumber: number;
    readonly connectorNumber: number;
  },
  at: Date,
): AlertIntent {
  const alert = stationAlert(
    'CONNECTOR_STUCK',
    `stuck:${connector.recoveryId}`,
    connector,
    connector.trouble,
    at,
  );
  const { evseNumber, connectorNumber } = connector;
  return { ...alert, facts: { ...alert.facts, evseNumber, connectorNumber } };
}

/**
 * A charge that nobody pays for until somebody has looked: the station gave it the id of one that has ended. Once a day for each id,
 * because its start may come again. Undefined: what begins nothing.
 */
export function orphanAlert(
  orphan: NamedStation & { readonly transactionRef: string; readonly kind: string; readonly reason: string },
  at: Date,
): AlertIntent | undefined {
  const { reason, kind, stationId, transactionRef } = orphan;
  if (reason !== 'REUSED_TRANSACTION_ID' || kind !== 'STARTED') return undefined;
  const key = `orphan:${stationId}:${transactionRef}:${at.toISOString().slice(0, 10)}`;
  return stationAlert('TRANSACTION_ORPHANED', key, orphan, reason, at);
}

/**
 * Somebody may be trying what is not theirs: once when the incident opens, once more when it becomes severe. A LOW one is for
 * those who look at the list.
 */
export function attemptAlert(
  incident: {
    readonly incidentId: string;
    readonly rule: string;
    readonly severity: string;
    readonly status: string;
    readonly stationId: string;
    readonly tokenMasked: string;
    readonly identity: string;
    readonly address: string;
    readonly replacedAddress?: string | undefined;
  },
  at: Date,
): AlertIntent | undefined {
  const { incidentId, rule, severity, status, stationId, tokenMasked, identity } = incident;
  if (status !== 'OPEN' || severity === 'LOW') return undefined;
  const suspect = tokenMasked || identity || addressesOf(incident);
  return {
    recipient: OPERATORS,
    kind: 'UNAUTHORISED_ATTEMPT',
    dedupeKey: `attempt:${incidentId}:${severity}`,
    sessionId: '',
    stationId,
    raisedAt: at,
    facts: { cause: rule, at: at.toISOString(), ...(suspect ? { suspect } : {}) },
  };
}

/** Both, where two connections replace each other: behind one of them is the double. */
function addressesOf(incident: { readonly address: string; readonly replacedAddress?: string | undefined }) {
  return [...new Set([incident.address, incident.replacedAddress])].filter(Boolean).join(', ');
}

function stationAlert(
  kind: AlertIntent['kind'],
  dedupeKey: string,
  { stationId, stationIdentity, locationName, timeZone }: NamedStation,
  cause: string,
  at: Date,
): AlertIntent {
  const facts = { stationIdentity, locationName, timeZone, cause, at: at.toISOString() };
  return { recipient: OPERATORS, kind, dedupeKey, sessionId: '', stationId, raisedAt: at, facts };
}

function driverAlert(
  session: SessionFacts,
  kind: AlertIntent['kind'],
  dedupeKey: string,
  at: Date,
  more: AlertFacts = {},
): AlertIntent | undefined {
  if (session.accountId === '') return undefined;
  return {
    recipient: session.accountId,
    kind,
    dedupeKey,
    sessionId: session.sessionId,
    stationId: session.stationId,
    raisedAt: at,
    facts: { ...place(session), at: at.toISOString(), ...more },
  };
}

/** Where it is, for the texts. */
export function place({ stationIdentity, locationName, timeZone }: SessionFacts): AlertFacts {
  return { stationIdentity, locationName, timeZone };
}
