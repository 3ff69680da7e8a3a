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
  readonly receivedAt: Date;
  readonly registerMwh: number | undefined;
}

/** Of the start that a message is, or belongs to. */
export interface StartKeys {
  readonly startKey: string;
  /** Of a start without a time: what the keys of all with its values begin with. An open session among them is its own. */
  readonly timelessKey?: string;
}

/**
 * 1.6 StartTransaction: connector + idTag + timestamp + meterStart, within one station. One without a time (Q18) cannot be told from
 * the next charge with the same values by its values alone: its key ends with when it came. A charger sends its stop only after its
 * start was acknowledged, so what comes while that transaction is open is the start again, and what comes after it a new charge.
 */
export function startKeys16(start: StartIdentity): StartKeys {
  const { evseNumber, connectorNumber, tokenHash, deviceTime, registerMwh = '' } = start;
  const values = [
    '1.6',
    evseNumber,
    connectorNumber,
    tokenHash,
    deviceTime?.toISOString() ?? '',
    registerMwh,
  ];
  const key = values.join('|');
  if (deviceTime) return { startKey: key };
  return { startKey: `${key}|${start.receivedAt.toISOString()}`, timelessKey: `${key}|` };
}

/** 2.0.1: the station's own transaction id, or the reference of one that was used again. */
export function startKey201(transactionRef: string): string {
  return `2|${transactionRef}`;
}

/** Reference of the start at this time under a 2.x transaction id that the station uses for another start too. */
export function refOfStart(transactionRef: string, startedAt: Date): string {
  return `${transactionRef}|${startedAt.toISOString()}`;
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
