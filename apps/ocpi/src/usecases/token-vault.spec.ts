import { loadConfig } from '@kilowatch/platform';
import { describe, expect, it } from 'vitest';
import { configShape } from '../config.js';
import { TokenVault } from './token-vault.js';

function vault(key = Buffer.alloc(32, 7)): TokenVault {
  return new TokenVault(
    loadConfig(configShape, {
      KW_SERVICE_SECRET: 'not used here',
      KW_OCPI_PUBLIC_URL: 'https://kw.example',
      KW_OCPI_COUNTRY_CODE: 'NL',
      KW_OCPI_PARTY_ID: 'KWD',
      KW_OCPI_TOKEN_KEY: key.toString('base64'),
      KW_SESSIONS_GRPC_URL: 'x:1',
      KW_BILLING_GRPC_URL: 'x:1',
    }),
  );
}

describe('the token vault', () => {
  it('gives back what it sealed, differently each time', () => {
    const sealed = [vault().seal('secret', 'p1'), vault().seal('secret', 'p1')];
    expect(sealed.map((value) => vault().open(value, 'p1'))).toEqual(['secret', 'secret']);
    expect(sealed[0]!.equals(sealed[1]!)).toBe(false);
    expect(sealed[0]!.includes('secret')).toBe(false);
  });

  it('opens nothing for another owner, with another key, or that was changed', () => {
    const sealed = vault().seal('secret', 'p1');
    expect(() => vault().open(sealed, 'p2')).toThrow();
    expect(() => vault(Buffer.alloc(32, 8)).open(sealed, 'p1')).toThrow();
    sealed[sealed.length - 1]! ^= 1;
    expect(() => vault().open(sealed, 'p1')).toThrow();
  });

  it('finds a token by a hash that depends on the key', () => {
    expect(vault().hash('secret').equals(vault().hash('secret'))).toBe(true);
    expect(
      vault()
        .hash('secret')
        .equals(vault(Buffer.alloc(32, 8)).hash('secret')),
    ).toBe(false);
  });

  it('does not start with a key of another length', () => {
    expect(() => vault(Buffer.alloc(16))).toThrow(/KW_OCPI_TOKEN_KEY/);
  });
});
