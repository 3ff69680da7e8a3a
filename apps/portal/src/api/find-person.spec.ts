import type { ApolloClient } from '@apollo/client';
import { describe, expect, it } from 'vitest';
import { findPerson, findStation } from './find-person.js';

const answering = (data: unknown) => ({ query: () => Promise.resolve({ data }) }) as unknown as ApolloClient;

describe('a person', () => {
  const edges = [
    { node: { id: 'a-1', email: 'ann@example.org' } },
    { node: { id: 'a-2', email: 'joann@example.org' } },
  ];
  it('is found by the whole address, however it is written', async () => {
    expect(await findPerson(answering({ accounts: { edges } }), ' Ann@Example.org ')).toEqual({ id: 'a-1' });
  });
  it('is not found by a part of it', async () => {
    expect(await findPerson(answering({ accounts: { edges } }), 'ann@example')).toEqual({
      problem: 'Nobody here has the address ann@example.',
    });
  });
});

describe('a station', () => {
  const edges = [
    { node: { id: 's-1', identity: 'CP-1', name: 'Dock' } },
    { node: { id: 's-2', identity: 'CP-10', name: 'Dock' } },
    { node: { id: 's-3', identity: 'CP-3', name: 'Yard' } },
  ];
  const found = (text: string) => findStation(answering({ stations: { edges } }), text);
  it('is found by its identity, or by a name that is its alone', async () => {
    expect(await found('CP-1')).toEqual({ id: 's-1' });
    expect(await found('Yard')).toEqual({ id: 's-3' });
    expect(await found('Dock')).toEqual({ problem: 'No station has the identity or name Dock.' });
  });
});
