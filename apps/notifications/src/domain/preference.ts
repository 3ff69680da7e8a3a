/** Who hears what by which channel: a person's own choice, else the default of the table. */
import { invalid } from '@kilowatch/kernel';
import { ALERT_KINDS, DRIVER_KINDS, type AlertKind } from './alert.js';

export const CHANNELS = ['IN_APP', 'EMAIL'] as const;
export type AlertChannel = (typeof CHANNELS)[number];

export interface AlertPreference {
  readonly kind: AlertKind;
  readonly channel: AlertChannel;
  readonly enabled: boolean;
}

const DEFAULTS: Readonly<Record<AlertKind, Readonly<Record<AlertChannel, boolean>>>> = {
  CHARGING_STARTED: { IN_APP: true, EMAIL: false },
  FULLY_CHARGED: { IN_APP: true, EMAIL: true },
  CHARGING_INTERRUPTED: { IN_APP: true, EMAIL: true },
  INVOICE_READY: { IN_APP: true, EMAIL: true },
  INVOICE_CREDITED: { IN_APP: true, EMAIL: true },
  DISPUTE_DECIDED: { IN_APP: true, EMAIL: true },
  MONEY_LOW: { IN_APP: true, EMAIL: true },
  MONEY_USED_UP: { IN_APP: true, EMAIL: true },
  CARD_DECLINED: { IN_APP: true, EMAIL: true },
  CARD_CONFIRM: { IN_APP: true, EMAIL: true },
  INVOICE_OVERDUE: { IN_APP: true, EMAIL: true },
  INVOICE_SETTLED: { IN_APP: true, EMAIL: true },
  PAYMENT_TAKEN_BACK: { IN_APP: true, EMAIL: true },
  CONTRACT_DECIDED: { IN_APP: true, EMAIL: true },
  STATION_FAULT: { IN_APP: true, EMAIL: true },
  ANOMALY: { IN_APP: true, EMAIL: true },
  STATION_SECURITY: { IN_APP: true, EMAIL: true },
  FIRMWARE_FAILED: { IN_APP: true, EMAIL: true },
  CONNECTOR_STUCK: { IN_APP: true, EMAIL: true },
  UNAUTHORISED_ATTEMPT: { IN_APP: true, EMAIL: true },
  METER_DISPUTED: { IN_APP: true, EMAIL: true },
  BILL_QUESTIONED: { IN_APP: true, EMAIL: true },
  TRANSACTION_ORPHANED: { IN_APP: true, EMAIL: true },
  PRICES_MISSING: { IN_APP: true, EMAIL: true },
  DISPUTE_OPENED: { IN_APP: true, EMAIL: true },
  DEBT_COLLECTION: { IN_APP: true, EMAIL: true },
  CHARGEBACK: { IN_APP: true, EMAIL: true },
  REFUND_CONTRADICTED: { IN_APP: true, EMAIL: true },
};

/** Nobody switches off what costs them money when they do not read it. */
const ALWAYS: readonly AlertKind[] = ['INVOICE_OVERDUE'];

export function isEnabled(
  chosen: readonly AlertPreference[],
  kind: AlertKind,
  channel: AlertChannel,
): boolean {
  if (ALWAYS.includes(kind)) return true;
  const own = chosen.find((preference) => preference.kind === kind && preference.channel === channel);
  return own?.enabled ?? DEFAULTS[kind][channel];
}

/** Every preference that a person has, chosen or default. Who hears of stations may drive too, so they have all kinds. */
export function preferencesOf(ofStations: boolean, chosen: readonly AlertPreference[]): AlertPreference[] {
  return choosable(ofStations).flatMap((kind) =>
    CHANNELS.map((channel) => ({ kind, channel, enabled: isEnabled(chosen, kind, channel) })),
  );
}

/** Throws INVALID for a kind that the person never gets, or that nobody switches off. */
export function assertKindOf(ofStations: boolean, kind: AlertKind): void {
  if (ALWAYS.includes(kind))
    throw invalid('NOTIFICATIONS_ALWAYS', 'Letters about invoices that are overdue cannot be switched off.');
  if (!choosable(ofStations).includes(kind))
    throw invalid('NOTIFICATIONS_KIND', 'You do not get alerts of this kind.');
}

function choosable(ofStations: boolean): readonly AlertKind[] {
  return (ofStations ? ALERT_KINDS : DRIVER_KINDS).filter((kind) => !ALWAYS.includes(kind));
}
