/** Groups of tokens. OCPP's identifiers are compared without their case (1.6 CiString20, 2.0.1 identifierString), by stations too. */

/** False for no group at all. */
export function isSameGroup(one: string, other: string | undefined): boolean {
  return folded(one) !== '' && folded(one) === folded(other ?? '');
}

function folded(group: string): string {
  return group.trim().toLowerCase();
}
