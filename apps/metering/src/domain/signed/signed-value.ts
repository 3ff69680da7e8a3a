/**
 * How signed readings come over OCPP: 2.x SignedMeterValueType (signedMeterData in Base64, encodingMethod, publicKey), 1.6
 * SampledValue.format SignedData, whose value is the container itself, its bytes in hexadecimal or Base64, or JSON text of the 2.x object
 * (OCA application note on signed meter values). Only OCMF is understood.
 */

export interface SignedValue {
  /** As it was sent. */
  readonly data: string;
  /** 2.x encodingMethod; empty when the station named none. */
  readonly encodingMethod: string;
  /** What the station says the key is. It proves nothing. */
  readonly publicKey: string;
}

/** Several readings in one record take some KB. */
export const MOST_CHARACTERS = 32 * 1024;
const OCMF = 'OCMF|';
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;
const HEX = /^(?:[0-9a-f]{2})+$/i;

export interface Unwrapped {
  /** The record, exactly as its meter wrote it: what was signed is in it byte by byte. */
  readonly ocmf: string;
  readonly publicKey: string;
}

/** Undefined: it is in no format that is known here. */
export function unwrap({ data, publicKey }: SignedValue): Unwrapped | undefined {
  if (data.length > MOST_CHARACTERS) return undefined;
  const text = data.trim();
  const inner = text.startsWith('{') ? objectIn(text) : undefined;
  const ocmf = inner ? ocmfIn(inner.data) : ocmfIn(text);
  return ocmf === undefined ? undefined : { ocmf, publicKey: inner?.publicKey || publicKey };
}

function ocmfIn(text: string): string | undefined {
  if (text.startsWith(OCMF)) return text;
  const bytes = HEX.test(text)
    ? Buffer.from(text, 'hex')
    : BASE64.test(text)
      ? Buffer.from(text, 'base64')
      : undefined;
  const decoded = bytes?.toString('utf8').trim();
  return decoded?.startsWith(OCMF) ? decoded : undefined;
}

function objectIn(text: string): { data: string; publicKey: string } | undefined {
  try {
    const { signedMeterData: data, publicKey } = JSON.parse(text) as Record<string, unknown>;
    if (typeof data !== 'string') return undefined;
    return { data: data.trim(), publicKey: typeof publicKey === 'string' ? publicKey : '' };
  } catch {
    return undefined;
  }
}
