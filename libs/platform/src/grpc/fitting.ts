/** Largest message of a call: what is larger never arrives, however often it is asked for. */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
/** The rest is for what stands beside the rows. */
const ROOM = MAX_MESSAGE_BYTES - 256 * 1024;

/** As many of the first rows as one answer has room for, one at least; whoever asked goes on behind the last that came. */
export function fitting<T>(rows: readonly T[], bytesOf: (row: T) => number): T[] {
  let bytes = 0;
  const end = rows.findIndex((row, index) => (bytes += bytesOf(row)) > ROOM && index > 0);
  return end === -1 ? [...rows] : rows.slice(0, end);
}
