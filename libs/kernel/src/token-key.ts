/**
 * What two presentations of one card have in common (OCPP 2.0.1 C01.FR.25, Q42): case does not count, nor do the
 * separators readers put between bytes. The type does not count either: real chargers authorise a card as `Local` and start
 * with it as `ISO14443`, and 1.6 knows no types.
 */
export function tokenKey(value: string): string {
  return value.replace(/[\s:._-]/g, '').toUpperCase();
}
