import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { credentialsFrom } from './basic-credentials.js';

const header = (bytes: Uint8Array) => `Basic ${Buffer.from(bytes).toString('base64')}`;

describe('credentialsFrom', () => {
  it('keeps every byte of a password, colons and non-text included', () => {
    const username = fc.uint8Array().filter((bytes) => !bytes.includes(0x3a));
    fc.assert(
      fc.property(username, fc.uint8Array(), (user, password) => {
        const found = credentialsFrom(header(Buffer.concat([user, Buffer.from(':'), password])));
        expect(found.kind).toBe('basic');
        if (found.kind !== 'basic') return;
        expect([...found.username]).toEqual([...user]);
        expect([...found.password]).toEqual([...password]);
      }),
    );
  });

  it('takes the scheme in any case', () => {
    expect(credentialsFrom(`bAsIc ${Buffer.from('a:b').toString('base64')}`).kind).toBe('basic');
  });

  it.each(['Bearer abc', 'Basic', 'Basic ???', `Basic ${Buffer.from('no colon').toString('base64')}`])(
    'calls %s malformed',
    (text) => expect(credentialsFrom(text)).toEqual({ kind: 'malformed' }),
  );

  it('knows the absence of credentials', () => {
    expect(credentialsFrom(undefined)).toEqual({ kind: 'none' });
    expect(credentialsFrom(' ')).toEqual({ kind: 'none' });
  });
});
