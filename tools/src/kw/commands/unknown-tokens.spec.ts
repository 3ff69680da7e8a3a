import { expect, it } from 'vitest';
import { checkOperation } from '../../client/check-operation.js';
import type { GraphqlClient } from '../../client/graphql-client.js';
import {
  approveToken,
  ignoreToken,
  listTokenAgain,
  listUnknownTokens,
  unknownText,
  wantedOwner,
  type UnknownRow,
} from './unknown-tokens.js';

const row: UnknownRow = {
  id: 'u1',
  masked: '****AA01',
  type: 'ISO14443',
  lastSeen: '2026-11-29T10:00:00.000Z',
  times: 3,
  stations: [{ identity: 'CP-1' }, null],
};

function server(answer: Record<string, unknown>) {
  const asked: unknown[] = [];
  const said: string[] = [];
  const client = {
    request: async (document: string, variables: unknown) => {
      checkOperation(document);
      asked.push(variables);
      return answer;
    },
  } as unknown as GraphqlClient;
  const output = {
    show: (_value: unknown, text: () => string) => void said.push(text()),
    next: (_value: unknown, text: () => string) => void said.push(text()),
    note: (text: string) => void said.push(text),
  };
  return { asked, said, context: { client, output, signal: new AbortController().signal } };
}

it('lists unknown cards with where and how often, and says when there are more', async () => {
  const page = (hasNextPage: boolean) => ({
    unknownTokens: { edges: [{ node: row }], pageInfo: { hasNextPage } },
  });
  const few = server(page(false));
  expect(await listUnknownTokens([], few.context)).toBe(0);
  expect(few.asked).toEqual([{ ignored: false }]);
  expect(few.said).toEqual([unknownText([row])]);
  expect(few.said[0]).toMatch(/u1 +\*{4}AA01 +ISO14443 +2026-11-29T10:00:00.000Z +3 +CP-1, \?/);
  const many = server(page(true));
  await listUnknownTokens(['ignored'], many.context);
  expect(many.asked).toEqual([{ ignored: true }]);
  expect(many.said[1]).toContain('there are more');
  expect(unknownText([])).toBe('no unknown card was shown');
});

it('takes a card in for a driver or a group', async () => {
  const { asked, said, context } = server({
    approveUnknownToken: { token: { id: 't1', masked: '****AA01' } },
  });
  await approveToken(['u1', 'driver=dora@example.org', 'group=FLEET=1'], context);
  expect(asked).toEqual([{ input: { id: 'u1', accountEmail: 'dora@example.org', groupId: 'FLEET=1' } }]);
  expect(said).toEqual(['****AA01 may charge: token t1']);
});

it('refuses choices that it does not know, before it asks', async () => {
  for (const choice of ['driver', 'driver=', 'owner=x', '=x'])
    expect(() => wantedOwner([choice])).toThrow('kw tokens');
  const { asked, context } = server({});
  await expect(approveToken([], context)).rejects.toThrow('approve ID');
  await expect(listUnknownTokens(['all'], context)).rejects.toThrow('unknown [ignored]');
  expect(asked).toEqual([]);
});

it('ignores one, and lists it again', async () => {
  const { asked, said, context } = server({ ignoreUnknownToken: { unknownToken: row } });
  await ignoreToken(['u1'], context);
  await listTokenAgain(['u1'], context);
  expect(asked).toEqual([{ input: { id: 'u1', ignored: true } }, { input: { id: 'u1', ignored: false } }]);
  expect(said).toEqual(['****AA01 is not listed any more', '****AA01 is listed again']);
});
