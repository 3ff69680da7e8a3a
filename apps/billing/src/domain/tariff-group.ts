/**
 * Named groups of stations, locations and drivers, to which a tariff is assigned as to one of them. A member is under the tariff of its group
 * unless something is assigned to itself; two groups of one member whose tariffs hold at the same time would leave it to chance, and are refused.
 */
import { conflict, invalid } from '@kilowatch/kernel';

export const MEMBER_KINDS = ['DRIVER', 'STATION', 'LOCATION'] as const;
export type MemberKind = (typeof MEMBER_KINDS)[number];

export interface Validity {
  readonly validFrom: Date;
  readonly validUntil: Date | undefined;
}

export interface GroupAssignment extends Validity {
  readonly tariffId: string;
  readonly groupName: string;
}

/** Throws CONFLICT when an assignment of another group of a member holds at some moment of `own`. */
export function checkRivals(own: readonly Validity[], rivals: readonly GroupAssignment[]): void {
  for (const one of own) {
    const rival = rivals.find((other) => overlap(one, other));
    if (!rival) continue;
    throw conflict(
      'BILLING_GROUP_OVERLAP',
      `A member is in group ${rival.groupName} too, which has tariff ${rival.tariffId} from ${rival.validFrom.toISOString()}: end that first, or take the member out.`,
    );
  }
}

/** Throws INVALID. */
export function groupName(text: string): string {
  const name = text.trim();
  if (name === '' || name.length > 100)
    throw invalid('BILLING_GROUP_NAME', 'A group needs a name of at most 100 characters.');
  return name;
}

function overlap(a: Validity, b: Validity): boolean {
  const before = (from: Date, until: Date | undefined) => until === undefined || from < until;
  return before(a.validFrom, b.validUntil) && before(b.validFrom, a.validUntil);
}
