/**
 * Which UIDs come after a card's: emulators and people who guess count upwards, and real cards that meet at one station within
 * minutes are no neighbours (ISO/IEC 14443-3: 4, 7 or 10 bytes; ISO/IEC 15693: 8). Readers write the bytes from either end, so the
 * last byte and the first one count as the lowest. Only hashes of the answers leave the service.
 */
const UID = /^(?:[0-9A-F]{8}|[0-9A-F]{14}|[0-9A-F]{16}|[0-9A-F]{20})$/;

/** ISO/IEC 14443-3 section 6.5.4: a single-size UID that begins with 08 is made up at each tap, as by phones without a card in them. */
const RANDOM_UID = /^08[0-9A-F]{6}$/;

export function isRandomUid(key: string): boolean {
  return RANDOM_UID.test(key);
}

/** A guesser may leave some out. */
const STEPS = [1n, 2n];

/** @param key the folded token (`tokenKey`); nothing for what is no UID */
export function nextUids(key: string): string[] {
  if (!UID.test(key) || isRandomUid(key)) return [];
  const forward = STEPS.map((step) => plus(key, step));
  const backward = STEPS.map((step) => reversed(plus(reversed(key), step)));
  return [...new Set([...forward, ...backward])];
}

function plus(hex: string, step: bigint): string {
  const size = 1n << BigInt(hex.length * 4);
  return ((BigInt(`0x${hex}`) + step) % size).toString(16).toUpperCase().padStart(hex.length, '0');
}

function reversed(hex: string): string {
  return (hex.match(/../g) ?? []).reverse().join('');
}
