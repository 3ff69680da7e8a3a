/**
 * What an operator sets for one station where its model, or the specification, leaves a choice: whether it is told costs (OCPP 2.x
 * block I), which tag it is told in remote starts (Q44), in which order its subprotocols are taken (Q2) and whether it is pinged (Q21).
 */
import { invalid } from '@kilowatch/kernel';
import { SUBPROTOCOLS } from '@kilowatch/ocpp';
import { COST_WISHES, type CostWish } from './cost-display.js';

export interface StationOptions {
  readonly costWish: CostWish;
  /** Empty: the account's own app token. */
  readonly remoteStartTag: string;
  /** Best first; empty: as for every station. Those that are not named are not taken. */
  readonly subprotocols: readonly string[];
  /** Null: as its model's record says. */
  readonly pinged: boolean | null;
}

/** What is absent stays as it is; null and empty go back to the default. */
export interface WantedOptions {
  readonly costDisplay?: string | null;
  readonly remoteStartTag?: string | null;
  readonly subprotocols?: readonly string[] | null;
  readonly pinged?: boolean | null;
}

/** 1.6 idTag (CiString20Type); the shortest limit counts, since a station may come with another version tomorrow (Q3). */
const TAG = /^[\x21-\x7e]{1,20}$/;
const KNOWN: readonly string[] = Object.values(SUBPROTOCOLS);

/** Throws INVALID when one of them cannot be meant. */
export function changedOptions(held: StationOptions, wanted: WantedOptions): StationOptions {
  return {
    costWish: wanted.costDisplay === undefined ? held.costWish : costWish(wanted.costDisplay),
    remoteStartTag:
      wanted.remoteStartTag === undefined ? held.remoteStartTag : remoteStartTag(wanted.remoteStartTag ?? ''),
    subprotocols:
      wanted.subprotocols === undefined ? held.subprotocols : subprotocols(wanted.subprotocols ?? []),
    pinged: wanted.pinged === undefined ? held.pinged : wanted.pinged,
  };
}

function costWish(word: string | null): CostWish {
  if (word === null) return 'AUTO';
  if (!COST_WISHES.includes(word)) throw invalid('SESSIONS_COST_DISPLAY', 'Costs are shown AUTO, ON or OFF.');
  return word as CostWish;
}

function remoteStartTag(tag: string): string {
  if (tag !== '' && !TAG.test(tag))
    throw invalid('SESSIONS_REMOTE_START_TAG', 'A tag has 1 to 20 characters and no spaces.');
  return tag;
}

function subprotocols(words: readonly string[]): readonly string[] {
  const order = words.map((word) => word.trim().toLowerCase());
  if (order.some((word) => !KNOWN.includes(word)))
    throw invalid('SESSIONS_SUBPROTOCOLS', `Subprotocols are ${KNOWN.join(', ')}.`);
  return [...new Set(order)];
}
