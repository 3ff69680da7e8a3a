import type { AlertParts } from '../api/documents/alerts.js';

/** The page an alert is about: what somebody acts on is the station's fault, the session, or the attempt. */
export function alertTarget({
  kind,
  session,
  station,
}: Pick<AlertParts, 'kind' | 'session' | 'station'>): string {
  if (kind === 'UNAUTHORISED_ATTEMPT') return '/attempts';
  if (kind === 'DEBT_COLLECTION') return '/bills/overdue';
  if (kind === 'BILL_QUESTIONED') return '/bills/held';
  if (kind === 'CHARGEBACK') return '/bills/chargebacks';
  if (['INVOICE_OVERDUE', 'INVOICE_SETTLED', 'PAYMENT_TAKEN_BACK'].includes(kind)) return '/invoices';
  if (kind === 'CARD_DECLINED') return '/account/cards';
  if (kind === 'CARD_CONFIRM') return '/invoices';
  if (kind === 'CONTRACT_DECIDED') return '/account/contracts';
  if (kind === 'STATION_FAULT' && station) return `/stations/${station.id}`;
  if (session) return `/sessions/${session.id}`;
  if (station) return `/stations/${station.id}`;
  return '/alerts';
}
