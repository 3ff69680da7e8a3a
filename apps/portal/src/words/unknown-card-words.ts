import type { UnknownTokenParts } from '../api/documents/unknown-tokens.js';
import { cardName } from './card-words.js';

/** `Card ····B2C3`; what OCPP 1.6 shows has no type. */
export function unknownCardName({ type, masked }: Pick<UnknownTokenParts, 'type' | 'masked'>): string {
  return cardName({ name: '', type: type === 'Unknown' ? 'ISO14443' : type, masked });
}

/** The latest station first. */
export function shownWhereText({ stations }: Pick<UnknownTokenParts, 'stations'>): string {
  const names = stations.flatMap((station) => station?.name ?? []);
  const [latest, ...before] = names;
  if (!latest) return 'At a station that is gone';
  return before.length === 0 ? `At ${latest}` : `At ${latest}, before at ${before.join(', ')}`;
}
