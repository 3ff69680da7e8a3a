/** One transaction as the charger itself knows it: what the database is judged by. */
export interface LedgerEntry {
  identity: string;
  evse: number;
  token: string;
  /** 2.0.1: the charger's transaction id. 1.6: the number the CSMS gave, once known. */
  transactionId: string | number | undefined;
  startedAt: Date;
  endedAt: Date | undefined;
  /** The registers as reported: whole Wh in 1.6 (1000 mWh steps), mWh in 2.0.1. */
  beginMwh: number;
  endMwh: number | undefined;
  /** `endMwh - beginMwh` once ended. */
  energyMwh: number | undefined;
  stopReason: string | undefined;
  startAcknowledged: boolean;
  endAcknowledged: boolean;
  /** Transaction messages the CSMS answered, all kinds. */
  acknowledgedMessages: number;
  /** Those among them that carried periodic readings. */
  acknowledgedReadings: number;
  /** The highest register in an acknowledged message. */
  acknowledgedMwh: number | undefined;
  /** Given up after the last attempt. */
  lostMessages: { action: string; at: Date; error: string }[];
}

export interface LedgerTotals {
  transactions: number;
  ended: number;
  energyMwh: number;
  acknowledgedMessages: number;
  acknowledgedReadings: number;
  lostMessages: number;
}

/** The sum over entries; energy counts ended transactions only. */
export function ledgerTotals(entries: readonly LedgerEntry[]): LedgerTotals {
  const sum = (value: (entry: LedgerEntry) => number) =>
    entries.reduce((total, entry) => total + value(entry), 0);
  return {
    transactions: entries.length,
    ended: sum((entry) => (entry.endedAt ? 1 : 0)),
    energyMwh: sum((entry) => entry.energyMwh ?? 0),
    acknowledgedMessages: sum((entry) => entry.acknowledgedMessages),
    acknowledgedReadings: sum((entry) => entry.acknowledgedReadings),
    lostMessages: sum((entry) => entry.lostMessages.length),
  };
}
