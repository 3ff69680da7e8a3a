/** A key that makes a repeated request count once. Random, also where randomUUID is missing (plain HTTP). */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
