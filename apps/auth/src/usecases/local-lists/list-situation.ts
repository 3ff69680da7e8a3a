import type { Tx } from '@kilowatch/platform';
import { entryFor, type ListDialect, type ListEntry } from '../../domain/local-list/list-entry.js';
import type { HeldEntry } from '../../domain/local-list/list-plan.js';
import type { ListLimits } from '../../domain/local-list/list-limits.js';
import type { ListPolicy } from '../../domain/local-list/list-policy.js';
import type { OfflineRules } from '../../domain/local-list/offline-token.js';
import { wantedList, type Candidate } from '../../domain/local-list/wanted-list.js';
import { stationRules } from '../../persistence/authorization-policy.repository.js';
import { countHeld, heldEntries } from '../../persistence/local-list-entry.repository.js';
import { policyOfStation } from '../../persistence/local-list-policy.repository.js';
import type { LocalList } from '../../persistence/local-list.repository.js';
import { candidatesFor } from '../../persistence/wanted-token.repository.js';

/** What a station holds and should hold, of some tokens or of all. */
export interface Situation {
  readonly held: readonly HeldEntry[];
  readonly wanted: readonly ListEntry[];
  /** When the tokens of entries end that the station does not end by itself. */
  readonly endsThem: ReadonlyMap<string, Date>;
  /** Undefined: only some tokens were looked at. */
  readonly counted: { readonly leftOut: number; readonly unfit: number } | undefined;
}

export interface Place {
  readonly policy: ListPolicy;
  readonly rules: OfflineRules;
  readonly locationId: string | undefined;
}

/** More than this at once, and the whole list is compared. */
const MOST_SINGLE = 500;

export async function placeOf(tx: Tx, { tenant, stationId }: LocalList): Promise<Place> {
  const [ofLists, rules] = await Promise.all([
    policyOfStation(tx, tenant, stationId),
    stationRules(tx, tenant, stationId),
  ]);
  const masterPassGroupId = rules?.policy.masterPassGroupId ?? '';
  return { ...ofLists, rules: { place: rules?.place, masterPassGroupId } };
}

export function mostEntries({ policy }: Place, limits: ListLimits): number {
  return Math.min(policy.mostEntries, limits.maxEntries ?? Infinity);
}

/**
 * `changed`: the tokens that something happened to; the others are not looked at, unless the list is full or was (who moves up is a
 * matter of all of them) or nobody knows it.
 */
export async function situationOf(
  tx: Tx,
  list: LocalList,
  place: Place,
  context: { dialect: ListDialect; limits: ListLimits; now: Date; changed: readonly string[] },
): Promise<Situation> {
  const { changed } = context;
  const isWhole =
    list.replan || list.version === undefined || list.leftOut > 0 || changed.length > MOST_SINGLE;
  if (!isWhole) {
    const some = await ofTokens(tx, list, place, context);
    const before = (await countHeld(tx, list.tenant, [list.stationId])).get(list.stationId) ?? 0;
    const after = before - some.held.length + some.wanted.length;
    if (after <= mostEntries(place, context.limits)) return some;
  }
  return ofAll(tx, list, place, context);
}

type Context = { dialect: ListDialect; limits: ListLimits; now: Date };

async function ofTokens(
  tx: Tx,
  list: LocalList,
  place: Place,
  context: Context & { changed: readonly string[] },
): Promise<Situation> {
  const { dialect, now, limits, changed } = context;
  const candidates = await candidatesOf(tx, list, place, now, changed);
  const wanted = candidates.flatMap(
    ({ token }) => entryFor(token, { dialect, expiry: limits.expiry, now }) ?? [],
  );
  const held = await heldEntries(tx, list, changed);
  return { held, wanted, endsThem: endsOf(candidates, limits), counted: undefined };
}

async function ofAll(tx: Tx, list: LocalList, place: Place, context: Context): Promise<Situation> {
  const { dialect, now, limits } = context;
  const candidates = await candidatesOf(tx, list, place, now);
  const most = mostEntries(place, limits);
  const { entries, leftOut, unfit } = wantedList(candidates, { dialect, expiry: limits.expiry, now, most });
  const held = await heldEntries(tx, list);
  return { held, wanted: entries, endsThem: endsOf(candidates, limits), counted: { leftOut, unfit } };
}

async function candidatesOf(
  tx: Tx,
  { tenant }: LocalList,
  { locationId, policy, rules }: Place,
  now: Date,
  among?: readonly string[],
): Promise<Candidate[]> {
  return locationId === undefined ? [] : candidatesFor(tx, tenant, { locationId, policy, rules, now }, among);
}

function endsOf(candidates: readonly Candidate[], { expiry }: ListLimits): Map<string, Date> {
  if (expiry) return new Map();
  return new Map(
    candidates.flatMap(({ token: { tokenId, expiresAt } }) => (expiresAt ? [[tokenId, expiresAt]] : [])),
  );
}
