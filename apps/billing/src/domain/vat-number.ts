/**
 * VAT identification numbers, as drivers type them at a station (OCPP 2.1 use case C23), and what may be said of one. The forms are
 * those of the European Commission (VIES, frequently asked questions, 11: "What is the format of a VAT number?"); United Kingdom,
 * Switzerland and Norway besides, which VIES does not know. A right form does not say that the number was ever given to anybody:
 * only a register does, and the answer tells which of the two was looked at.
 */

export interface VatNumber {
  /** As in the number: `EL` for Greece, `XI` for Northern Ireland. */
  readonly country: string;
  readonly number: string;
}

export interface Company {
  readonly name: string;
  readonly address1: string;
  readonly address2: string;
  readonly city: string;
  readonly postalCode: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/** `off`: no register is asked about this country. `away`: it did not answer. */
export type Lookup =
  | { readonly kind: 'off' | 'away' | 'unknown' }
  | { readonly kind: 'registered'; readonly company: Company | undefined };

export interface VatVerdict {
  readonly accepted: boolean;
  /** At most 20 characters (OCPP StatusInfoType.reasonCode). */
  readonly reasonCode: 'InvalidFormat' | 'FormatOnly' | 'RegisterAway' | 'NotRegistered' | 'Registered';
  readonly reason: string;
  readonly company: Company | undefined;
}

const BRITISH = /^(\d{9}|\d{12}|GD\d{3}|HA\d{3})$/;

const FORMS: Readonly<Record<string, RegExp>> = {
  AT: /^U\d{8}$/,
  BE: /^[01]\d{9}$/,
  BG: /^\d{9,10}$/,
  CY: /^\d{8}[A-Z]$/,
  CZ: /^\d{8,10}$/,
  DE: /^\d{9}$/,
  DK: /^\d{8}$/,
  EE: /^\d{9}$/,
  EL: /^\d{9}$/,
  ES: /^([A-Z]\d{7}[A-Z0-9]|\d{8}[A-Z])$/,
  FI: /^\d{8}$/,
  FR: /^[A-HJ-NP-Z0-9]{2}\d{9}$/,
  HR: /^\d{11}$/,
  HU: /^\d{8}$/,
  IE: /^(\d{7}[A-Z]{1,2}|\d[A-Z+*]\d{5}[A-Z])$/,
  IT: /^\d{11}$/,
  LT: /^(\d{9}|\d{12})$/,
  LU: /^\d{8}$/,
  LV: /^\d{11}$/,
  MT: /^\d{8}$/,
  NL: /^[A-Z0-9+*]{9}B\d{2}$/,
  PL: /^\d{10}$/,
  PT: /^\d{9}$/,
  RO: /^\d{2,10}$/,
  SE: /^\d{12}$/,
  SI: /^\d{8}$/,
  SK: /^\d{10}$/,
  XI: BRITISH,
  GB: BRITISH,
  CH: /^E\d{9}(MWST|TVA|IVA)?$/,
  NO: /^\d{9}(MVA)?$/,
};
const NOT_IN_VIES: ReadonlySet<string> = new Set(['GB', 'CH', 'NO']);

/** Without the signs that people write between digits; undefined when no country has numbers like this. */
export function readVatNumber(text: string): VatNumber | undefined {
  const plain = text.toUpperCase().replace(/[\s.\-/]/g, '');
  const prefix = plain.slice(0, 2);
  const country = prefix === 'GR' ? 'EL' : prefix;
  const number = plain.slice(2);
  const form = Object.hasOwn(FORMS, country) ? FORMS[country] : undefined;
  return form?.test(number) ? { country, number } : undefined;
}

export function vatNumberText({ country, number }: VatNumber): string {
  return country + number;
}

/** VIES has the member states of the Union and Northern Ireland. */
export function isInVies({ country }: VatNumber): boolean {
  return !NOT_IN_VIES.has(country);
}

export function vatVerdict(number: VatNumber | undefined, lookup: Lookup): VatVerdict {
  if (number === undefined)
    return verdict(false, 'InvalidFormat', 'No country has VAT numbers of this form.');
  switch (lookup.kind) {
    case 'off':
      return verdict(
        true,
        'FormatOnly',
        'The form is right. No register was asked whether the number exists.',
      );
    case 'away':
      return verdict(
        true,
        'RegisterAway',
        'The form is right. The register did not say whether the number exists.',
      );
    case 'unknown':
      return verdict(false, 'NotRegistered', 'The register does not know the number.');
    case 'registered':
      return { ...verdict(true, 'Registered', 'The register knows the number.'), company: lookup.company };
  }
}

function verdict(accepted: boolean, reasonCode: VatVerdict['reasonCode'], reason: string): VatVerdict {
  return { accepted, reasonCode, reason, company: undefined };
}

/**
 * Who it is by a register that tells the address as lines of text, the postal code and the city on the last. Undefined when the
 * register keeps name or address to itself, as some countries do, or writes them otherwise: half an address is none.
 */
export function companyOf({ country }: VatNumber, name: string, address: string): Company | undefined {
  const lines = address
    .split(/\r?\n/)
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .filter((line) => line !== '' && !/^-+$/.test(line));
  const last = lines.pop();
  const [address1, ...more] = lines;
  const shown = name.replaceAll(/\s+/g, ' ').trim();
  if (last === undefined || address1 === undefined || shown === '' || /^-+$/.test(shown)) return undefined;
  const { postalCode, city } = cityOf(last);
  return {
    name: shown.slice(0, 50),
    address1: address1.slice(0, 100),
    address2: more.join(', ').slice(0, 100),
    city: city.slice(0, 100),
    postalCode: postalCode.slice(0, 20),
    country: country === 'EL' ? 'GR' : country === 'XI' ? 'GB' : country,
  };
}

/** `1012 AB AMSTERDAM`, `L-2449 LUXEMBOURG`, `00-950 WARSZAWA`, `110 00 PRAHA 1`. */
function cityOf(line: string): { postalCode: string; city: string } {
  const match = /^((?:[A-Z]{1,2}-)?\d{2,}(?:[ -]\d{2,3})?(?: [A-Z]{2}(?= ))?) (\D.*)$/.exec(line);
  return match ? { postalCode: match[1]!, city: match[2]! } : { postalCode: '', city: line };
}
