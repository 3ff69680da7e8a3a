/**
 * What a station may tell while its boot was answered Pending or Rejected on this connection (2.0.1 use cases B02 and B03,
 * 1.6 section 4.2). Transaction messages always pass: their energy is real, whoever asks for it. Security events do too, they
 * may say why the station is not accepted. A station that was told nothing yet is taken for accepted (Q23).
 */
import type { BootAnswer, ChargerMessage } from '@kilowatch/ocpp';

export type Registration = BootAnswer['status'];

type MessageType = ChargerMessage['type'];

const ALWAYS: ReadonlySet<MessageType> = new Set(['boot', 'transaction', 'meterValues', 'securityEvent']);

/** What we may ask a pending station for, and what stations do not stop for: none of it gives anything away. */
const PENDING: ReadonlySet<MessageType> = new Set([
  'heartbeat',
  'connectorStatus',
  'report',
  'deviceEvents',
  'monitoringReport',
  'firmwareStatus',
  'logStatus',
  'signCertificate',
  'eventStreamOpened',
  'eventStreamData',
  'eventStreamClosed',
  'other',
]);

export function mayTell(registration: Registration | undefined, type: MessageType): boolean {
  if (registration === undefined || registration === 'Accepted' || ALWAYS.has(type)) return true;
  return registration === 'Pending' && PENDING.has(type);
}
