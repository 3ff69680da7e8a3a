import type { AlertParts, AlertPreferencesQuery } from '../api/documents/alerts.js';
import type { AnomaliesQuery } from '../api/documents/overview.js';
import type { RatingParts } from '../api/documents/session.js';
import type { Tone } from './session-words.js';

export type AlertKind = AlertParts['kind'];
export type AlertChannel = AlertPreferencesQuery['alertPreferences'][number]['channel'];
export type RatingReason = RatingParts['reasons'][number];
type AnomalyKind = AnomaliesQuery['anomalies']['edges'][number]['node']['kind'];

export const SEVERITY_TONES: Readonly<Record<AlertParts['severity'], Tone>> = {
  INFO: 'info',
  WARNING: 'warn',
  CRITICAL: 'bad',
};

export const SEVERITY_TEXTS: Readonly<Record<AlertParts['severity'], string>> = {
  INFO: 'Information',
  WARNING: 'Warning',
  CRITICAL: 'Critical',
};

export const ALERT_KINDS: Readonly<Record<AlertKind, { name: string; about: string }>> = {
  CHARGING_STARTED: { name: 'Charging started', about: 'A session of yours has begun.' },
  FULLY_CHARGED: { name: 'Fully charged', about: 'The car takes no more: time to move it.' },
  CHARGING_INTERRUPTED: { name: 'Charging interrupted', about: 'Power stopped before the car was full.' },
  INVOICE_READY: { name: 'Invoice ready', about: 'The price of a session is final.' },
  INVOICE_CREDITED: { name: 'Invoice taken back', about: 'A credit note cancels an invoice of yours.' },
  DISPUTE_DECIDED: { name: 'Objection decided', about: 'We have looked at your objection to an invoice.' },
  MONEY_LOW: { name: 'Money nearly used', about: 'A running session has used most of what it may cost.' },
  MONEY_USED_UP: { name: 'Money used', about: 'A session is stopped because its money is used.' },
  CARD_CONFIRM: {
    name: 'Payment to confirm',
    about: 'Your bank wants you to confirm a payment by card.',
  },
  CARD_DECLINED: {
    name: 'Card declined',
    about: 'Your card was declined for a session or its bill.',
  },
  INVOICE_OVERDUE: { name: 'Invoice overdue', about: 'An invoice of yours should have been paid.' },
  INVOICE_SETTLED: {
    name: 'Invoice settled',
    about: 'Nothing is to be paid of an overdue invoice any more.',
  },
  PAYMENT_TAKEN_BACK: {
    name: 'Payment taken back',
    about: 'Your bank took a card payment back: what it paid is open again.',
  },
  CONTRACT_DECIDED: {
    name: 'Contract decided',
    about:
      'Your contract of Plug & Charge was added, taken off, blocked or is good again, or what you asked for was declined.',
  },
  CHARGEBACK: {
    name: 'Chargeback',
    about: 'A bank takes a card payment back, wants evidence, or has decided.',
  },
  REFUND_CONTRADICTED: {
    name: 'Refund in doubt',
    about: 'The payment provider tells of a refund to a card what the books do not say.',
  },
  DEBT_COLLECTION: { name: 'Not paid', about: 'All letters about an invoice are out: decide what follows.' },
  DISPUTE_OPENED: { name: 'Objection', about: 'A driver objects to an invoice: decide about it.' },
  STATION_FAULT: { name: 'Station fault', about: 'A connector or station reports an error.' },
  ANOMALY: { name: 'Anomaly', about: 'Readings look wrong: no energy, a drop in power, interruptions.' },
  STATION_SECURITY: { name: 'Station security', about: 'Tampering, wrong certificates and the like.' },
  FIRMWARE_FAILED: { name: 'Firmware update failed', about: 'A station could not install a firmware.' },
  CONNECTOR_STUCK: {
    name: 'Connector needs a person',
    about: 'Nothing we could do from here helped a connector.',
  },
  METER_DISPUTED: {
    name: 'Session not billed',
    about: 'The readings of a session contradict each other, or their signatures are not right.',
  },
  BILL_QUESTIONED: {
    name: 'Whose bill?',
    about: 'A session was billed, and another driver was told for it since.',
  },
  TRANSACTION_ORPHANED: {
    name: 'Charge without a session',
    about: 'A station gave a charge the id of one that has ended: it is not billed.',
  },
  PRICES_MISSING: {
    name: 'Market prices missing',
    about: 'A price feed has not brought the prices of tomorrow.',
  },
  UNAUTHORISED_ATTEMPT: {
    name: 'Unauthorised attempt',
    about: 'Somebody may be trying cards, codes, contracts or stations that are not theirs.',
  },
};

export const CHANNELS: Readonly<Record<AlertChannel, string>> = { IN_APP: 'Here', EMAIL: 'E-mail' };

export const ANOMALY_TEXTS: Readonly<Record<AnomalyKind, string>> = {
  ZERO_ENERGY: 'No energy',
  POWER_DROP: 'Power drop',
  INTERRUPTION: 'Interruption',
  NO_READINGS: 'No readings',
};

export const RATING_REASONS: Readonly<Record<RatingReason, string>> = {
  DID_NOT_START: 'Did not start',
  SLOW: 'Slow',
  FAULTY_CONNECTOR: 'Faulty connector',
  BLOCKED_BAY: 'Bay was blocked',
  PAYMENT: 'Payment',
  SIGNAGE: 'Signs',
  HARD_TO_FIND: 'Hard to find',
  PRICE: 'Price',
  SAFETY: 'Safety',
  APP: 'App',
};

export const SCORES: readonly { score: number; text: string }[] = [
  { score: 1, text: 'Very bad' },
  { score: 2, text: 'Bad' },
  { score: 3, text: 'All right' },
  { score: 4, text: 'Good' },
  { score: 5, text: 'Very good' },
];
