/**
 * Transaction references. 1.6: allocated by us, random 31-bit and unique per station, so that none can be guessed
 * (docs/ocpp-notes.md rule 9, steve#1296); 2.0.1: chosen by the station. Always looked up together with the reporting
 * station.
 */
import { internal } from '@kilowatch/kernel';

/** How many random numbers a start brings along: all taken at once happens never with a working random source. */
export const REF_CANDIDATES = 3;

export function allocateTransactionRef(candidates: readonly string[], taken: ReadonlySet<string>): string {
  const free = candidates.find((candidate) => !taken.has(candidate));
  if (free === undefined) {
    throw internal('SESSIONS_NO_TRANSACTION_ID', 'No transaction id could be allocated.', {
      candidates: candidates.length,
    });
  }
  return free;
}

/** Q29: chargers without an id send 0, -1 or nothing. */
export function isUsableRef(transactionRef: string): boolean {
  return transactionRef !== '' && !/^-?0*$/.test(transactionRef) && !/^-\d+$/.test(transactionRef);
}
