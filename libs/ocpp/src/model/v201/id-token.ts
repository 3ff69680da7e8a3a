import type { JsonObject } from '../../json.js';
import type { IdToken } from '../charger-message.js';

/** An app or 1.6 token without a type was issued by us: Central (part 2, IdTokenEnumType). */
export function idToken201(token: IdToken): JsonObject {
  return { idToken: token.value, type: token.type ?? 'Central' };
}
