/**
 * What makes two messages the same message. Never the OCPP message id: retries come with a new one and reboots reuse
 * old ones (Q27, Q28).
 */
export interface StartIdentity {
  readonly evseNumber: number;
  readonly connectorNumber: number;
  /** Of the folded token: chargers change the case between retries (Q42), and cards are not stored in clear. */
  readonly tokenHash: string;
  /** As the device wrote it, right or wrong. */
  readonly deviceTime: Date | undefined;
  readonly registerMwh: number | undefined;
}

/** 1.6 StartTransaction: connector + idTag + timestamp + meterStart, within one station. */
export function startKey16(start: StartIdentity): string {
  return [
    '1.6',
    start.evseNumber,
    start.connectorNumber,
    start.tokenHash,
    start.deviceTime?.toISOString() ?? '',
    start.registerMwh ?? '',
  ].join('|');
}

/** 2.0.1: the station's own transaction id. */
export function startKey201(transactionRef: string): string {
  return `2|${transactionRef}`;
}

export interface MessageIdentity {
  readonly kind: string;
  readonly transactionRef: string;
  readonly seqNo: number | undefined;
  readonly deviceTime: Date | undefined;
  readonly detail: string;
}

export function messageKey(message: MessageIdentity): string {
  return [
    message.kind,
    message.transactionRef,
    message.seqNo ?? '',
    message.deviceTime?.toISOString() ?? '',
    message.detail,
  ].join('|');
}
