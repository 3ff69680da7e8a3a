// Q42: the card's number out of what a reader makes of it. Only what a model is known to add is taken off; a number that
// lacks a byte or holds another thing than a card cannot be mended and stays as it is.

import type { IdToken } from '../model/charger-message.js';
import type { IdTagRule } from './station-model.js';

const PADDED_UID = /^([0-9A-F]{8})0{6}$/i;

export function cardOf(token: IdToken, rule: IdTagRule): IdToken {
  const value = unpadded(withoutSuffix(token.value, rule.suffixFrom), rule.zeroPadded);
  return value === token.value ? token : { ...token, value };
}

function withoutSuffix(value: string, from: string | null): string {
  const at = from === null ? -1 : value.indexOf(from);
  return at > 0 ? value.slice(0, at) : value;
}

function unpadded(value: string, padded: boolean): string {
  return (padded ? PADDED_UID.exec(value)?.[1] : undefined) ?? value;
}
