/**
 * What a partner presents as its token. 2.2.1 wants Base64 of the text, many send it raw, and a well-known sample has a
 * newline inside the Base64 (docs/ocpi-notes.md T1, T2). All readings are tried, none is an error.
 */
const PRINTABLE = /^[\x21-\x7e]{1,64}$/;

/** Possible tokens in an `Authorization` header, likeliest first; empty for any other header. */
export function presentedTokens(header: string | undefined): string[] {
  const value = /^Token +(\S{1,200})\s*$/i.exec(header ?? '')?.[1];
  if (value === undefined) return [];
  const decoded = decodeBase64(value);
  return [...new Set([decoded, value])].filter(
    (text) => text !== undefined && PRINTABLE.test(text),
  ) as string[];
}

export function tokenHeader(token: string, encoding: 'BASE64' | 'RAW'): string {
  return `Token ${encoding === 'RAW' ? token : Buffer.from(token, 'utf8').toString('base64')}`;
}

function decodeBase64(value: string): string | undefined {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(value)) return undefined;
  return Buffer.from(value, 'base64').toString('utf8').trim();
}
