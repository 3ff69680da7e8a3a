/**
 * The UID of a card with its bytes the other way round (T2): some readers tell the first byte of the anticollision first, others
 * the last, and ISO 15693 sends the least significant first. UIDs have 4, 7 (ISO 14443) or 8 bytes (ISO 15693); 10 bytes are what our
 * apps' tokens have, and no reader's.
 */
const BYTES: ReadonlySet<number> = new Set([4, 7, 8]);
/** Of RFID, as stations call it; `Unknown` is an idTag of 1.6, which has no types. */
const TYPES: ReadonlySet<string> = new Set(['iso14443', 'iso15693', 'unknown']);

/** `key` as tokens are compared; undefined when it is no UID, or the same from both ends. */
export function reversedUid(key: string, type: string): string | undefined {
  if (!TYPES.has(type.toLowerCase()) || !/^(?:[0-9A-F]{2})+$/.test(key) || !BYTES.has(key.length / 2))
    return undefined;
  const reversed = Buffer.from(key, 'hex').reverse().toString('hex').toUpperCase();
  return reversed === key ? undefined : reversed;
}
