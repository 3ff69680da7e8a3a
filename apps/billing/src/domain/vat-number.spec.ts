import { describe, expect, it } from 'vitest';
import { companyOf, isInVies, readVatNumber, vatNumberText, vatVerdict } from './vat-number.js';

describe('the form of a VAT number', () => {
  it.each([
    'ATU12345678', 'BE0123456789', 'BG123456789', 'BG1234567890', 'CY12345678L', 'CZ12345678', 'DE123456789', 'DK12345678',
    'EE123456789', 'EL123456789', 'ESX1234567X', 'ES12345678Z', 'FI12345678', 'FRXX123456789', 'FR12123456789', 'HR12345678901',
    'HU12345678', 'IE1234567FA', 'IE1S23456L', 'IT12345678901', 'LT123456789', 'LT123456789012', 'LU12345678', 'LV12345678901',
    'MT12345678', 'NL123456789B01', 'PL1234567890', 'PT123456789', 'RO12', 'SE123456789001', 'SI12345678', 'SK1234567890',
    'XI123456789', 'GB123456789', 'CHE123456789MWST', 'NO123456789MVA',
  ])('%s is right', (text) => { expect(readVatNumber(text)).toBeDefined(); }); // prettier-ignore

  it.each([
    '', 'X', 'DE12345678', 'DE1234567890', 'AT12345678', 'ES123456789', 'FRIO123456789', 'NL123456789A01', 'US123456789',
    'DE12345678Z', '__proto__', 'NL123456789B0１',
  ])('"%s" is not', (text) => { expect(readVatNumber(text)).toBeUndefined(); }); // prettier-ignore

  it('is read whatever people write between the digits, and Greece by either name', () => {
    expect(readVatNumber(' nl 1234.56.789.b01 ')).toEqual({ country: 'NL', number: '123456789B01' });
    expect(vatNumberText(readVatNumber('GR-123456789')!)).toBe('EL123456789');
  });

  it('of Switzerland, Norway and Great Britain is not in VIES', () => {
    const inVies = ['DE123456789', 'XI123456789', 'GB123456789', 'CHE123456789', 'NO123456789'];
    expect(inVies.map((text) => isInVies(readVatNumber(text)!))).toEqual([true, true, false, false, false]);
  });
});

describe('what is said of a VAT number', () => {
  const number = readVatNumber('DE123456789');
  it.each([
    [undefined, { kind: 'off' }, false, 'InvalidFormat'],
    [number, { kind: 'off' }, true, 'FormatOnly'],
    [number, { kind: 'away' }, true, 'RegisterAway'],
    [number, { kind: 'unknown' }, false, 'NotRegistered'],
    [number, { kind: 'registered', company: undefined }, true, 'Registered'],
  ] as const)('%j, register %j: %s, %s', (read, lookup, accepted, reasonCode) => {
    const verdict = vatVerdict(read, lookup);
    expect(verdict).toMatchObject({ accepted, reasonCode });
    expect(verdict.reasonCode.length).toBeLessThanOrEqual(20);
  });
});

describe('the company of a register', () => {
  const nl = readVatNumber('NL123456789B01')!;

  it.each([
    ['KEIZERSGRACHT 00001\n1015 CD AMSTERDAM', 'KEIZERSGRACHT 00001', '1015 CD', 'AMSTERDAM'],
    ['\n38, AVENUE KENNEDY\nL-1855 LUXEMBOURG\n', '38, AVENUE KENNEDY', 'L-1855', 'LUXEMBOURG'],
    ['UL. PROSTA 1\n00-838 WARSZAWA', 'UL. PROSTA 1', '00-838', 'WARSZAWA'],
    ['Vodičkova 1\n110 00  PRAHA 1', 'Vodičkova 1', '110 00', 'PRAHA 1'],
    ['1 MAIN STREET\nDUBLIN', '1 MAIN STREET', '', 'DUBLIN'],
  ])('has its address in %j', (address, address1, postalCode, city) => {
    expect(companyOf(nl, ' ACME  B.V. ', address)).toMatchObject({
      name: 'ACME B.V.',
      address1,
      postalCode,
      city,
      country: 'NL',
    });
  });

  it.each([
    ['---', '---'],
    ['ACME', '---'],
    ['ACME', ''],
    ['', 'A 1\n1000 B'],
    ['ACME', 'ALL IN ONE LINE 1000 B'],
  ])('is not told by the name "%s" and the address %j', (name, address) => {
    expect(companyOf(nl, name, address)).toBeUndefined();
  });

  it('is in Greece by its own letters, and never longer than a station takes', () => {
    const company = companyOf(
      readVatNumber('EL123456789')!,
      'A'.repeat(60),
      `${'B'.repeat(200)}\nX\n10431 ATHENS`,
    );
    expect(company).toMatchObject({
      country: 'GR',
      name: 'A'.repeat(50),
      address1: 'B'.repeat(100),
      address2: 'X',
    });
  });
});
