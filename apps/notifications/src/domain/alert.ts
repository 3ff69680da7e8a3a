/**
 * An alert: one thing one person, or the operators of a tenant together, should know. Once per cause: the dedupe key
 * is unique per tenant and recipient, so the same fact told twice, or by two events, stays one alert.
 */
export const DRIVER_KINDS = [
  'CHARGING_STARTED',
  'FULLY_CHARGED',
  'CHARGING_INTERRUPTED',
  'INVOICE_READY',
  'INVOICE_CREDITED',
  'DISPUTE_DECIDED',
  'MONEY_LOW',
  'MONEY_USED_UP',
  'CARD_DECLINED',
  'CARD_CONFIRM',
  'INVOICE_OVERDUE',
  'INVOICE_SETTLED',
  'PAYMENT_TAKEN_BACK',
  'CONTRACT_DECIDED',
] as const;
export const OPERATOR_KINDS = [
  'STATION_FAULT',
  'ANOMALY',
  'STATION_SECURITY',
  'FIRMWARE_FAILED',
  'CONNECTOR_STUCK',
  'UNAUTHORISED_ATTEMPT',
  'METER_DISPUTED',
  'BILL_QUESTIONED',
  'TRANSACTION_ORPHANED',
  'PRICES_MISSING',
  'DISPUTE_OPENED',
  'DEBT_COLLECTION',
  'CHARGEBACK',
  'REFUND_CONTRADICTED',
] as const;
export const ALERT_KINDS = [...DRIVER_KINDS, ...OPERATOR_KINDS] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export type AlertSeverity = 'INFO' | 'WARNING' | 'CRITICAL';

export const SEVERITIES: Readonly<Record<AlertKind, AlertSeverity>> = {
  CHARGING_STARTED: 'INFO',
  FULLY_CHARGED: 'INFO',
  CHARGING_INTERRUPTED: 'WARNING',
  INVOICE_READY: 'INFO',
  INVOICE_CREDITED: 'INFO',
  DISPUTE_DECIDED: 'INFO',
  MONEY_LOW: 'WARNING',
  MONEY_USED_UP: 'WARNING',
  CARD_DECLINED: 'WARNING',
  CARD_CONFIRM: 'WARNING',
  INVOICE_OVERDUE: 'WARNING',
  INVOICE_SETTLED: 'INFO',
  PAYMENT_TAKEN_BACK: 'WARNING',
  CONTRACT_DECIDED: 'INFO',
  STATION_FAULT: 'CRITICAL',
  ANOMALY: 'WARNING',
  STATION_SECURITY: 'CRITICAL',
  FIRMWARE_FAILED: 'WARNING',
  CONNECTOR_STUCK: 'CRITICAL',
  UNAUTHORISED_ATTEMPT: 'WARNING',
  METER_DISPUTED: 'CRITICAL',
  BILL_QUESTIONED: 'WARNING',
  TRANSACTION_ORPHANED: 'CRITICAL',
  PRICES_MISSING: 'WARNING',
  DISPUTE_OPENED: 'WARNING',
  DEBT_COLLECTION: 'WARNING',
  CHARGEBACK: 'WARNING',
  REFUND_CONTRADICTED: 'CRITICAL',
};

/** The recipient that stands for every operator and administrator of the tenant. */
export const OPERATORS = 'operators';

/** What a text may need; absent or empty = not known. Stored with the alert and put into words for each reader. */
/** The cause of an invoice that came to less than nothing: its amount is in the wallet. */
export const IN_FAVOUR = 'IN_FAVOUR';

export interface AlertFacts {
  readonly stationIdentity?: string;
  readonly locationName?: string;
  /** IANA zone of the location; times are told in it. */
  readonly timeZone?: string;
  /** ISO instant. */
  readonly at?: string;
  /** Stop reason, error code or kind of anomaly. */
  readonly cause?: string;
  readonly evseNumber?: number;
  readonly connectorNumber?: number;
  /** Of somebody who is no customer of ours: the masked token, the name of a station or the address they used. */
  readonly suspect?: string;
  readonly invoiceNumber?: string;
  /** Id of a payment by card. */
  readonly paymentId?: string;
  /** Id of the invoice or credit note whose papers go with the mail. */
  readonly documentId?: string;
  /** Of a collective invoice, as 2026-03. */
  readonly month?: string;
  readonly amount?: string;
  readonly currency?: string;
  /** Of what is to be paid: fees and interest. */
  readonly charges?: string;
  /** The last day to pay, or to hand evidence in, as 2026-03-31. */
  readonly day?: string;
  /** The account may start nothing. */
  readonly blocked?: boolean;
  /** What a card was asked for: SESSION, reserved at its start; INVOICE, its bill or the rest of it; MONTH, a collective invoice. */
  readonly purpose?: string;
  /** How to pay, in the words of the seller. */
  readonly instructions?: string;
  /** Of Plug & Charge: its masked number, and what its holder calls it. */
  readonly contract?: string;
  /** Why, in an operator's words. */
  readonly remark?: string;
}

/** An alert that an event gives rise to. */
export interface AlertIntent {
  /** Account id or OPERATORS. */
  readonly recipient: string;
  readonly kind: AlertKind;
  readonly dedupeKey: string;
  readonly sessionId: string;
  readonly stationId: string;
  readonly raisedAt: Date;
  readonly facts: AlertFacts;
}
