import { beforeEach, describe, expect, it } from 'vitest';
import { checkOperation } from '../../client/check-operation.js';
import { outputTo } from '../output.js';
import { clients, clientsText, issuedText, type MachineClientRow } from './clients.js';

const row = (over: Partial<MachineClientRow> = {}): MachineClientRow => ({
  id: 'c-1',
  name: 'reports',
  scopes: ['sessions:read', 'tokens:read'],
  createdAt: '2026-03-02T10:00:00.000Z',
  lastUsedAt: null,
  previousSecretUntil: null,
  revokedAt: null,
  ...over,
});

/** Stands for the API: pages of clients, and what was asked of it. */
let asked: { operation: string; variables: Record<string, unknown> }[];
let pages: MachineClientRow[][];
let written: string;

beforeEach(() => {
  asked = [];
  pages = [[row()]];
  written = '';
});

const client = {
  request: (query: string, variables: Record<string, unknown>) => {
    checkOperation(query);
    const operation =
      /(machineClients|createMachineClient|rotateMachineClientSecret|revokeMachineClient)\(/.exec(query)![1]!;
    asked.push({ operation, variables });
    const issued = { client: row(), secret: 'the-secret' };
    const page = asked.length - 1;
    return Promise.resolve({
      machineClients: {
        edges: (pages[page] ?? []).map((node) => ({ node })),
        pageInfo: { hasNextPage: page + 1 < pages.length, endCursor: `cursor-${page}` },
      },
      createMachineClient: issued,
      rotateMachineClientSecret: issued,
      revokeMachineClient: { client: row({ revokedAt: '2026-03-03T10:00:00.000Z' }) },
    });
  },
} as never;

const run = (...args: string[]) =>
  clients(args, {
    client,
    output: outputTo((text) => (written += text), args.includes('--json')),
    signal: new AbortController().signal,
  });

describe('kw clients', () => {
  it('lists all pages', async () => {
    pages = [[row({ id: 'c-2' })], [row({ id: 'c-1' })]];
    expect(await run('list')).toBe(0);
    expect(asked.map(({ variables }) => variables['after'])).toEqual([null, 'cursor-0']);
    expect(written).toMatch(/c-2[^]*c-1/);
  });

  it('makes one with the scopes as they are given, blanks or commas between them', async () => {
    await run('create', 'reports', 'sessions:read,tokens:read', 'load:read');
    expect(asked).toEqual([
      {
        operation: 'createMachineClient',
        variables: { input: { name: 'reports', scopes: ['sessions:read', 'tokens:read', 'load:read'] } },
      },
    ]);
    expect(written).toContain('client_secret  the-secret');
  });

  it('renews a secret, with the hours that the old one goes on', async () => {
    await run('rotate', 'c-1', '48');
    await run('rotate', 'c-1');
    expect(asked.map(({ variables }) => variables['input'])).toEqual([
      { clientId: 'c-1', graceHours: 48 },
      { clientId: 'c-1' },
    ]);
  });

  it('revokes with a reason of several words', async () => {
    await run('revoke', 'c-1', 'program', 'is', 'gone');
    expect(asked[0]!.variables).toEqual({ input: { clientId: 'c-1', reason: 'program is gone' } });
    expect(written).toContain('gets no more tokens');
  });

  it.each([
    [['create'], /what is it called\?/],
    [['create', 'reports'], /what may it\?/],
    [['rotate'], /which client\?/],
    [['rotate', 'c-1', 'soon'], /whole number/],
    [['revoke'], /which client\?/],
    [['revoke', 'c-1', ' '], /why\? The reason is kept/],
    [['remove', 'c-1'], /^kw clients list \| create/],
  ])('asks for what is missing: %j', async (args, message) => {
    await expect(run(...args)).rejects.toThrow(message);
    expect(asked).toEqual([]);
  });
});

describe('what is printed', () => {
  it('tells those in use from those revoked', () => {
    const text = clientsText([row(), row({ id: 'c-2', revokedAt: '2026-03-03T10:00:00.000Z' })]);
    expect(text).toMatch(/c-1 .*in use .*never .*sessions:read tokens:read/);
    expect(text).toMatch(/c-2 .*revoked/);
    expect(clientsText([])).toContain('kw clients create');
  });

  it('says how long the secret before goes on', () => {
    const issued = { client: row({ previousSecretUntil: '2026-03-04T10:00:00.000Z' }), secret: 's' };
    expect(issuedText(issued)).toContain('counts until 2026-03-04T10:00:00.000Z');
    expect(issuedText({ client: row(), secret: 's' })).not.toContain('counts until');
  });
});
