/** Types of tokens. 2.1 makes the type an open string, and stations spell it as they like. */
const KNOWN = [
  'Central',
  'DirectPayment',
  'eMAID',
  'EVCCID',
  'ISO14443',
  'ISO15693',
  'KeyCode',
  'Local',
  'MacAddress',
  'NoAuthorization',
  'VIN',
];
const BY_FOLDED: ReadonlyMap<string, string> = new Map(KNOWN.map((type) => [type.toLowerCase(), type]));

/** As the standard spells it; what the standard does not know stays as it is. */
export function spelledType(type: string): string {
  return BY_FOLDED.get(type.trim().toLowerCase()) ?? type;
}

/** Read off a cable or a radio, and easily copied (2.1, appendix on IdTokenEnumType). */
const WEAK: ReadonlySet<string> = new Set(['MacAddress', 'EVCCID', 'VIN']);

/** C03: Central comes from us. C04: a code is for this once. C02: a button is no token. What is weak is looked up each time. */
const NEVER_CACHED: ReadonlySet<string> = new Set(['Central', 'KeyCode', 'NoAuthorization', ...WEAK]);

/** A token is what it was enrolled as, and what the station says it is: 1.6 says nothing, and others may say anything (T13). */
export interface TypesOfToken {
  readonly tokenType: string;
  readonly token: { readonly type: string } | undefined;
}

export function isWeak(types: TypesOfToken): boolean {
  return isEither(types, (type) => WEAK.has(type));
}

export function isNeverCached(types: TypesOfToken): boolean {
  return isEither(types, (type) => NEVER_CACHED.has(type));
}

function isEither({ tokenType, token }: TypesOfToken, is: (type: string) => boolean): boolean {
  return is(spelledType(tokenType)) || (token !== undefined && is(spelledType(token.type)));
}

/** C02: nobody's token. Its value, when a station sends one all the same, says nothing. */
export function isStartButton(type: string): boolean {
  return spelledType(type) === 'NoAuthorization';
}
