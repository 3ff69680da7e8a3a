/**
 * Which tariff a session is under: the operator assigns tariffs to tokens, to drivers, to stations and to locations, or to groups of the last
 * three (of which a member's own assignment comes first), each from and until a moment; the closest to the session wins, and where nothing is assigned it is the company's default. One assignment at a time for each of
 * them: two that overlap would leave it to chance, and are refused.
 */
import { conflict, invalid } from '@kilowatch/kernel';

/** What a session is known by; the first that has one decides. */
export const FACTS = ['TOKEN', 'DRIVER', 'STATION', 'LOCATION'] as const;
export type Fact = (typeof FACTS)[number];
export const ASSIGNMENT_SCOPES = [...FACTS, 'GROUP'] as const;
export type AssignmentScope = (typeof ASSIGNMENT_SCOPES)[number];

export interface TariffAssignment {
  readonly id: string;
  readonly tariffId: string;
  readonly scope: AssignmentScope;
  /** Id of the token, account, station, location or group. */
  readonly ref: string;
  readonly validFrom: Date;
  /** Undefined: until it is ended. */
  readonly validUntil: Date | undefined;
}

/** What a session, or somebody who asks for a price, is known by; undefined or empty where it is not known. */
export type AssignmentFacts = Readonly<Record<Fact, string | undefined>>;
/** Ids of the groups that what is known is in. */
export type FactGroups = Readonly<Partial<Record<Fact, readonly string[]>>>;

export function assignedTariff(
  assignments: readonly TariffAssignment[],
  facts: AssignmentFacts,
  at: Date,
  groups: FactGroups = {},
): TariffAssignment | undefined {
  for (const { scope, ref } of asked(facts, groups)) {
    const found = assignments.find((one) => one.scope === scope && one.ref === ref && isValid(one, at));
    if (found) return found;
  }
  return undefined;
}

/** Everything that an assignment of a session may be to, the closest first. */
export function asked(
  facts: AssignmentFacts,
  groups: FactGroups,
): { readonly scope: AssignmentScope; readonly ref: string }[] {
  return FACTS.flatMap((fact) => {
    const ref = facts[fact];
    if (!ref) return [];
    const ofGroups = (groups[fact] ?? []).map((group) => ({ scope: 'GROUP' as const, ref: group }));
    return [{ scope: fact, ref }, ...ofGroups];
  });
}

/** Throws INVALID for a time that ends before it begins, CONFLICT when another one holds at some moment of it. */
export function checkAssignment(
  wanted: Omit<TariffAssignment, 'id'>,
  others: readonly TariffAssignment[],
): void {
  const { validFrom, validUntil } = wanted;
  if (validUntil !== undefined && validUntil <= validFrom)
    throw invalid('BILLING_ASSIGNMENT_TIMES', 'An assignment must end after it begins.');
  const other = others.find(
    (one) =>
      one.scope === wanted.scope &&
      one.ref === wanted.ref &&
      one.validFrom < (validUntil ?? FOR_EVER) &&
      validFrom < (one.validUntil ?? FOR_EVER),
  );
  if (!other) return;
  const until = other.validUntil ? `until ${other.validUntil.toISOString()}` : 'without an end';
  throw conflict(
    'BILLING_ASSIGNMENT_OVERLAP',
    `Tariff ${other.tariffId} is assigned there from ${other.validFrom.toISOString()} ${until}: end it first, or begin after it.`,
    { assignmentId: other.id },
  );
}

const FOR_EVER = new Date(8.64e15);

function isValid({ validFrom, validUntil }: TariffAssignment, at: Date): boolean {
  return validFrom <= at && (validUntil === undefined || at < validUntil);
}
