import type { DocumentNode } from 'graphql';
import { beforeEach, describe, expect, it } from 'vitest';
import { addPasskey, signInWithPasskey } from './passkeys.js';

/** Stands for the API: what it was asked, and what it answers. */
let asked: { name: string; input: unknown }[];
let answers: Record<string, unknown>;
const client = {
  mutate: ({ mutation, variables }: { mutation: DocumentNode; variables: { input?: unknown } }) => {
    const [operation] = mutation.definitions;
    const name = operation?.kind === 'OperationDefinition' ? operation.name!.value : '';
    asked.push({ name, input: variables.input });
    return Promise.resolve({ data: answers });
  },
} as never;
const cancelled = () => Promise.reject(new DOMException('', 'NotAllowedError'));

beforeEach(() => {
  asked = [];
  const ceremony = { ticket: 't', options: { challenge: 'c' } };
  answers = {
    startPasskey: ceremony,
    startPasskeySignIn: ceremony,
    finishPasskey: { passkey: { id: 'p' } },
    finishPasskeySignIn: { __typename: 'SignInRefused', reason: 'WRONG_CREDENTIALS' },
  };
});

describe('a sign-in with a passkey', () => {
  it('gives the options to the device and what that signed back with the ticket', async () => {
    const given: unknown[] = [];
    const get = (options: unknown) => {
      given.push(options);
      return Promise.resolve({ id: 'signed' });
    };
    const answer = await signInWithPasskey(client, { get, create: cancelled });
    expect(given).toEqual([{ challenge: 'c' }]);
    expect(asked).toEqual([
      { name: 'StartPasskeySignIn', input: undefined },
      { name: 'FinishPasskeySignIn', input: { ticket: 't', response: { id: 'signed' } } },
    ]);
    expect(answer.__typename).toBe('SignInRefused');
  });

  it('tells the platform nothing when the person turns back', async () => {
    await expect(signInWithPasskey(client, { get: cancelled, create: cancelled })).rejects.toThrow();
    expect(asked.map(({ name }) => name)).toEqual(['StartPasskeySignIn']);
  });
});

describe('adding a passkey', () => {
  it('begins with the password and ends with the name', async () => {
    const create = () => Promise.resolve({ id: 'made' });
    await addPasskey(client, { password: 'right', name: 'Phone' }, { create, get: cancelled });
    expect(asked).toEqual([
      { name: 'StartPasskey', input: { password: 'right' } },
      { name: 'FinishPasskey', input: { ticket: 't', response: { id: 'made' }, name: 'Phone' } },
    ]);
  });
});
