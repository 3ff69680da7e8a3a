import { describe, expect, it } from 'vitest';
import {
  credentialsEndpoint,
  credentialsSchema,
  envelopeSchema,
  mainRole,
  mutualVersion,
  versionDetailsSchema,
} from './credentials.js';
import { assertMethod, assertOpens } from './partner.js';
import { presentedTokens, tokenHeader } from './presented-token.js';

const role = (name: string, party_id = 'ABC') => ({
  role: name,
  party_id,
  country_code: 'DE',
  business_details: { name: 'Someone' },
});
const credentials = { token: 'b-token', url: 'https://emsp.example/versions', roles: [role('EMSP')] };

describe('credentials of a partner', () => {
  it('may have unknown fields, and several roles', () => {
    const roles = [role('CPO'), { ...role('EMSP'), extra: 1 }];
    const parsed = credentialsSchema.parse({ ...credentials, roles, hub_party_id: 'XX' });
    expect(mainRole(parsed).role).toBe('EMSP');
    expect(mainRole({ ...parsed, roles: [parsed.roles[0]!] }).role).toBe('CPO');
  });

  it.each([
    ['a token with blanks', { ...credentials, token: 'a b' }],
    ['a token of 65 characters', { ...credentials, token: 'x'.repeat(65) }],
    ['an empty token', { ...credentials, token: '' }],
    ['an address that is none', { ...credentials, url: 'emsp.example' }],
    ['an address of another kind', { ...credentials, url: 'file:///etc/passwd' }],
    ['no role', { ...credentials, roles: [] }],
    ['the same role twice', { ...credentials, roles: [role('EMSP'), role('emsp', 'abc')] }],
    ['a party id of two', { ...credentials, roles: [role('EMSP', 'AB')] }],
    ['nothing', undefined],
  ])('are refused with %s', (_, body) => {
    expect(credentialsSchema.safeParse(body).success).toBe(false);
  });
});

describe('common ground', () => {
  it('is version 2.2.1', () => {
    const versions = ['2.1.1', '2.2.1', '2.3.0'].map((version) => ({
      version,
      url: `https://x.example/${version}`,
    }));
    expect(mutualVersion(versions)).toBe('https://x.example/2.2.1');
    expect(() => mutualVersion(versions.filter(({ version }) => version !== '2.2.1'))).toThrow(
      /OCPI_VERSION/,
    );
  });

  it('needs a credentials endpoint of whatever role', () => {
    const url = 'https://x.example/credentials';
    for (const role of ['SENDER', 'RECEIVER', undefined]) {
      const { endpoints } = versionDetailsSchema.parse({
        version: '2.2.1',
        endpoints: [{ identifier: 'credentials', role, url }],
      });
      expect(credentialsEndpoint(endpoints)).toBe(url);
    }
    expect(() => credentialsEndpoint([{ identifier: 'tokens', url }])).toThrow(/OCPI_ENDPOINTS/);
  });
});

describe('the envelope of an answer', () => {
  const timestamp = '2026-03-01T10:00:00Z';

  it.each([
    ['an acknowledgement without data', { status_code: 1000, timestamp }],
    ['a refusal', { status_code: 3001, status_message: 'no', timestamp }],
    ['data of any kind', { status_code: 1000, data: [], timestamp }],
  ])('holds %s (T4)', (_what, body) => {
    expect(envelopeSchema.parse(body)).toMatchObject({ status_code: body.status_code });
  });

  it.each([[{}], [null], ['OK'], [{ status_code: '1000' }]])('is not %j', (body) => {
    expect(envelopeSchema.safeParse(body).success).toBe(false);
  });
});

describe('a presented token', () => {
  it('is read as Base64 and raw, and without the newline of the well-known sample', () => {
    expect(presentedTokens(tokenHeader('secret-1', 'BASE64'))[0]).toBe('secret-1');
    expect(presentedTokens(tokenHeader('secret-1', 'RAW'))).toContain('secret-1');
    expect(presentedTokens('Token ZXhhbXBsZS10b2tlbgo=')[0]).toBe('example-token');
    expect(presentedTokens('token abc')).toContain('abc');
  });

  it.each([undefined, '', 'Token', 'Token ', 'Bearer abc', 'Token a b', `Token ${'x'.repeat(300)}`])(
    'is nothing in the header %j',
    (header) => {
      expect(presentedTokens(header)).toEqual([]);
    },
  );
});

describe('what a token opens', () => {
  it('depends on what it is for', () => {
    expect(() => assertOpens('REGISTRATION', 'credentials')).not.toThrow();
    expect(() => assertOpens('REGISTRATION', 'functional')).toThrow(/OCPI_TOKEN/);
    expect(() => assertOpens('HANDSHAKE', 'versions')).not.toThrow();
    expect(() => assertOpens('HANDSHAKE', 'credentials')).toThrow(/OCPI_TOKEN/);
    expect(() => assertOpens('FINAL', 'functional')).not.toThrow();
  });

  it('decides which of POST, PUT and DELETE is possible', () => {
    expect(() => assertMethod('REGISTRATION', 'POST')).not.toThrow();
    expect(() => assertMethod('FINAL', 'POST')).toThrow(/REGISTRATION_STATE/);
    for (const method of ['PUT', 'DELETE'] as const) {
      expect(() => assertMethod('FINAL', method)).not.toThrow();
      expect(() => assertMethod('REGISTRATION', method)).toThrow(/REGISTRATION_STATE/);
    }
  });
});
