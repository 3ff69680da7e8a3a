import { expect, it } from 'vitest';
import { checkOperation } from '../../client/check-operation.js';
import type { GraphqlClient } from '../../client/graphql-client.js';
import { contracts, contractsText, contractText, requestsText, type ContractDetails } from './contracts.js';

const ID = '0190a8f0-0000-7000-8000-000000000001';
const place = { at: '2026-11-29T10:00:00.000Z', stationIdentity: 'CP-1', locationName: 'Harbour' };
const row: ContractDetails = {
  id: ID,
  masked: 'DE-8AA-****4567',
  status: 'ACTIVE',
  validUntil: '2027-05-01T00:00:00.000Z',
  lastUse: place,
  token: { account: { email: 'dora@example.org' } },
  certificates: [{ serial: '1f', firstSeenAt: place.at, validUntil: null, revoked: true }],
  installations: [{ ...place, stationIdentity: null }],
};

function server(...answers: Record<string, unknown>[]) {
  const asked: unknown[] = [];
  const said: string[] = [];
  const client = {
    request: async (document: string, variables: unknown) => {
      checkOperation(document);
      asked.push(variables);
      return answers[Math.min(asked.length, answers.length) - 1] ?? {};
    },
  } as unknown as GraphqlClient;
  const output = {
    show: (_value: unknown, text: () => string) => void said.push(text()),
    next: (_value: unknown, text: () => string) => void said.push(text()),
    note: (text: string) => void said.push(text),
  };
  return { asked, said, context: { client, output, signal: new AbortController().signal } };
}
const listed = (...nodes: ContractDetails[]) => ({
  contracts: { totalCount: nodes.length, edges: nodes.map((node) => ({ node })) },
});

it('lists contracts with whose they are, and finds them by a part of their number', async () => {
  const { asked, said, context } = server(listed(row));
  expect(await contracts([], context)).toBe(0);
  await contracts(['list', '4567'], context);
  expect(asked).toEqual([{ search: null }, { search: '4567' }]);
  expect(said[0]).toMatch(/DE-8AA-\*{4}4567 +ACTIVE +dora@example.org +2027-05-01 +2026-11-29T10:00 CP-1/);
  expect(contractsText([], 0)).toBe('no contracts');
});

it('shows one with its certificates and where it went into a car', async () => {
  const { asked, said, context } = server(listed(row), { contract: row });
  await contracts(['show', '4567'], context);
  expect(asked).toEqual([{ search: '4567' }, { id: ID }]);
  expect(said[0]).toMatch(/1f +2026-11-29T10:00 +- +yes/);
  expect(said[0]).toContain('a station that is gone');
  expect(contractText({ ...row, certificates: [], installations: [] })).toContain('no car has shown');
  await expect(contracts(['show', ID], server({ contract: null }).context)).rejects.toThrow(
    'no such contract',
  );
});

it('blocks and unblocks one, with a reason that is kept', async () => {
  const answer = { setContractStatus: { contract: { masked: row.masked, status: 'BLOCKED' } } };
  const { asked, said, context } = server(answer);
  await contracts(['block', ID, 'car', 'stolen'], context);
  await contracts(['unblock', ID, 'found'], context);
  expect(asked).toEqual([
    { input: { contractId: ID, status: 'BLOCKED', reason: 'car stolen' } },
    { input: { contractId: ID, status: 'ACTIVE', reason: 'found' } },
  ]);
  expect(said[0]).toBe('DE-8AA-****4567 is blocked');
});

it('names none of several, and asks for nothing that is not meant', async () => {
  const several = server(listed(row, { ...row, id: 'other' }));
  await expect(contracts(['show', '4567'], several.context)).rejects.toThrow('several contracts');
  await expect(contracts(['show', '1'], server(listed()).context)).rejects.toThrow('no such contract');
  const { asked, context } = server({});
  for (const args of [['shw'], ['block', ID], ['show'], ['approve'], ['decline', 'r1']])
    await expect((async () => contracts(args, context))()).rejects.toThrow('kw contracts');
  expect(asked).toEqual([]);
});

it('lists what drivers ask for, and decides', async () => {
  const request = {
    ...{ id: 'r1', kind: 'ADD', masked: row.masked, createdAt: place.at, note: null },
    ...{ account: { email: 'dora@example.org' }, proof: place },
  };
  const { said, context } = server({
    contractRequests: { edges: [{ node: request }], pageInfo: { hasNextPage: true } },
  });
  await contracts(['requests'], context);
  expect(said[0]).toMatch(
    /r1 +add +DE-8AA-\*{4}4567 +dora@example.org +2026-11-29T10:00 +2026-11-29T10:00 CP-1/,
  );
  expect(said[1]).toContain('there are more');
  expect(requestsText([])).toBe('no request waits');
  const decided = server({ decideContractRequest: { request: { masked: row.masked, state: 'APPROVED' } } });
  await contracts(['approve', 'r1'], decided.context);
  await contracts(['decline', 'r1', 'not', 'yours'], decided.context);
  expect(decided.asked).toEqual([
    { input: { id: 'r1', approve: true, reason: '' } },
    { input: { id: 'r1', approve: false, reason: 'not yours' } },
  ]);
  expect(decided.said[0]).toBe('DE-8AA-****4567: approved');
});
