import { describe, expect, it } from 'vitest';
import { checkOperation } from '../../client/check-operation.js';
import type { GraphqlClient } from '../../client/graphql-client.js';
import { blockToken, countsText, findToken, openText, unblockToken, type BlockProgress } from './tokens.js';

const ID = '019aa000-0000-7000-8000-000000000001';
const progress = (over: Partial<BlockProgress> = {}): BlockProgress => ({
  token: { id: ID, masked: '****B2C3', status: 'BLOCKED' },
  mayCharge: false,
  confirmed: 0,
  pending: 0,
  offline: 0,
  failed: 0,
  stations: { edges: [] },
  ...over,
});
const station = { identity: 'CP-1', state: 'OFFLINE', inList: true, inCache: true, reason: null };

/** Answers by the first word that a document contains. */
function server(answers: Record<string, unknown[]>) {
  const asked: { document: string; variables: unknown }[] = [];
  const client = {
    request: async (document: string, variables: unknown) => {
      checkOperation(document);
      asked.push({ document, variables });
      const [name, left] = Object.entries(answers).find(([word]) => document.includes(word)) ?? ['', []];
      return { [name]: left.length > 1 ? left.shift() : left[0] };
    },
  } as unknown as GraphqlClient;
  const said: string[] = [];
  const output = {
    show: (_value: unknown, text: () => string) => void said.push(text()),
    next: (_value: unknown, text: () => string) => void said.push(text()),
    note: (text: string) => void said.push(text),
  };
  return { asked, said, context: { client, output, signal: new AbortController().signal } };
}
const found = (...ids: string[]) => ({
  edges: ids.map((id) => ({ node: { id, masked: '****B2C3', type: 'ISO14443', status: 'ACTIVE' } })),
});

describe('blocking a token', () => {
  it('shows how stations let go of it until nobody is left to be told, and fails while some have not', async () => {
    const { asked, said, context } = server({
      setTokenStatus: [{ token: { id: ID, masked: '****B2C3' } }],
      tokenBlockProgress: [
        progress({ confirmed: 1, pending: 2 }),
        progress({ confirmed: 2, offline: 1, stations: { edges: [{ node: station }] } }),
      ],
      tokens: [found(ID)],
    });
    expect(await blockToken(['04:a1:b2:c3', 'lost', 'card'], context)).toBe(1);
    expect(asked[0]?.variables).toEqual({ search: '04A1B2C3' });
    expect(asked[1]?.variables).toEqual({ input: { tokenId: ID, status: 'BLOCKED', reason: 'lost card' } });
    expect(said[0]).toBe('****B2C3: 1 confirmed, 2 pending, 0 offline, 0 failed');
    expect(said[1]).toBe('****B2C3: 2 confirmed, 0 pending, 1 offline, 0 failed');
    expect(said[2]?.split('\n').at(-1)).toBe('CP-1     offline  list, cache     -');
  });

  it('succeeds when every station has confirmed it', async () => {
    const { context } = server({
      setTokenStatus: [{ token: { id: ID } }],
      tokenBlockProgress: [progress({ confirmed: 3 })],
    });
    expect(await blockToken([ID, 'lost'], context)).toBe(0);
  });

  it('wants a reason, as unblocking does', async () => {
    const { context, asked } = server({});
    await expect(blockToken([ID], context)).rejects.toThrow('why?');
    await expect(unblockToken([ID, ' '], context)).rejects.toThrow('why?');
    expect(asked).toEqual([]);
  });
});

describe('a token on the command line', () => {
  it('is not guessed when several contain what was typed', async () => {
    const { context } = server({ tokens: [found(ID, '019aa000-0000-7000-8000-000000000002')] });
    await expect(findToken(context.client, 'B2C3')).rejects.toThrow(
      /by its id\n {2}019aa000-.*1 .*\n {2}019aa000-.*2 /,
    );
  });

  it('is said not to be there', async () => {
    const { context } = server({ tokens: [found()] });
    await expect(findToken(context.client, 'NOBODY')).rejects.toThrow('no such token');
  });

  it('that may charge, or that nobody knows, has nothing to confirm', () => {
    expect(countsText(progress({ mayCharge: true }))).toBe('****B2C3 may charge');
    expect(countsText(progress())).toBe('****B2C3: no station knows it');
  });

  it('says how many stations more there are', () => {
    expect(openText([station], 3)).toMatch(/\n2 more$/);
  });
});
