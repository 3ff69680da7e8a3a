import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkOperation } from '../../client/check-operation.js';
import type { GraphqlClient } from '../../client/graphql-client.js';
import { outputTo } from '../output.js';
import { anchorInput, trust, type TrustOptions } from './trust.js';
import { policyText, wantedPolicy } from './trust-policy.js';

const NONE: TrustOptions = { purpose: undefined, iso: undefined, reason: undefined };
const folder = mkdtempSync(join(tmpdir(), 'kilowatch-trust-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The API as far as a command asks it: what was sent, and the answers in their order. */
function api(...answers: unknown[]) {
  const sent: { query: string; variables: Record<string, unknown> }[] = [];
  const written: string[] = [];
  const client = {
    request: async (query: string, variables: Record<string, unknown> = {}) => {
      checkOperation(query);
      sent.push({ query, variables });
      return answers.shift();
    },
  } as unknown as GraphqlClient;
  const context = {
    client,
    output: outputTo((text) => written.push(text), false),
    signal: AbortSignal.abort(),
  };
  return { sent, written, context };
}

describe('kw trust import', () => {
  it.each([
    [{ ...NONE, purpose: 'contract' }, { purpose: 'CONTRACT' }],
    [
      { purpose: 'OEM', iso: '20', reason: 'pool' },
      { purpose: 'OEM', isoVersion: 'ISO_15118_20', reason: 'pool' },
    ],
    [
      { ...NONE, purpose: 'station', iso: '15118-2' },
      { purpose: 'STATION', isoVersion: 'ISO_15118_2' },
    ],
  ])('%j is %j', (options, input) => {
    expect(anchorInput(options)).toEqual(input);
  });

  it.each([
    [NONE, /--purpose is one of contract/],
    [{ ...NONE, purpose: 'everything' }, /--purpose is one of/],
    [{ ...NONE, purpose: 'contract', iso: '3' }, /--iso is 2 or 20/],
  ])('%j is refused before anything is sent', async (options, message) => {
    const { sent, context } = api();
    await expect(trust(['import', 'x.pem'], context, options)).rejects.toThrow(message);
    expect(sent).toEqual([]);
  });

  it('sends each file, adds up what became of them, and fails when one certificate was refused', async () => {
    const files = ['a.pem', 'b.pem'].map((name) => join(folder, name));
    files.forEach((file, index) => writeFileSync(file, `PEM ${index}`));
    const problem = { index: 1, code: 'AUTH_TRUST_ANCHOR', message: 'CN=Old has expired.' };
    const { sent, written, context } = api(
      { importTrustAnchors: { added: 2, unchanged: 0, problems: [] } },
      { importTrustAnchors: { added: 0, unchanged: 1, problems: [problem] } },
    );
    expect(await trust(['import', ...files], context, { ...NONE, purpose: 'contract' })).toBe(1);
    expect(sent.map(({ variables }) => variables)).toEqual([
      { input: { purpose: 'CONTRACT', pem: 'PEM 0' } },
      { input: { purpose: 'CONTRACT', pem: 'PEM 1' } },
    ]);
    expect(written).toEqual([
      `2 added, 1 there already, 1 refused\n  ${files[1]}, certificate 2: CN=Old has expired.\n`,
    ]);
  });

  it('reads all files before it sends the first', async () => {
    const { sent, context } = api();
    const files = [join(folder, 'a.pem'), join(folder, 'none.pem')];
    await expect(trust(['intermediates', 'import', ...files], context, NONE)).rejects.toThrow(
      /there is no file/,
    );
    expect(sent).toEqual([]);
  });
});

describe('kw trust list', () => {
  it('shows every page', async () => {
    const node = {
      id: '1',
      purpose: 'CONTRACT',
      isoVersion: null,
      subject: 'CN=MO Root',
      notAfter: '2036-01-01T00:00:00Z',
    };
    const page = (hasNextPage: boolean, one: object) => ({
      page: { edges: [{ node: one }], pageInfo: { hasNextPage, endCursor: 'next' } },
    });
    const { sent, written, context } = api(
      page(true, node),
      page(false, { ...node, id: '2', isoVersion: 'ISO_15118_20', subject: 'CN=V2G Root' }),
    );
    expect(await trust(['list', 'contract'], context, NONE)).toBe(0);
    expect(sent.map(({ variables }) => variables)).toEqual([
      { purpose: 'CONTRACT', after: null },
      { purpose: 'CONTRACT', after: 'next' },
    ]);
    expect(written[0]!.split('\n').slice(2, 4)).toEqual([
      '1   contract  all  2036-01-01  CN=MO Root',
      '2   contract  -20  2036-01-01  CN=V2G Root',
    ]);
  });

  it('says what to do when nobody is believed', async () => {
    const { written, context } = api({
      page: { edges: [], pageInfo: { hasNextPage: false, endCursor: null } },
    });
    await trust(['list'], context, NONE);
    expect(written[0]).toMatch(/kw trust import/);
  });
});

describe('kw trust policy', () => {
  it('is written NAME=VALUE; an empty value is the default', () => {
    expect(
      wantedPolicy([
        'origins=http://a.example, http://b.example',
        'soft-fail-hours=4',
        'dc-mo=off',
        'crl=fallback',
        'hash=',
      ]),
    ).toEqual({
      origins: ['http://a.example', 'http://b.example'],
      softFailHours: 4,
      requireMoDomain: false,
      crl: 'FALLBACK',
      ocspHash: null,
    });
  });

  it.each(['colour=red', 'crl=sometimes', 'soft-fail-hours=-1', 'dc-mo=perhaps', 'origins', 'constructor=x'])(
    '%s is refused',
    (assignment) => {
      expect(() => wantedPolicy([assignment])).toThrow();
    },
  );

  it('is shown as it is written', () => {
    const policy = {
      origins: [],
      ocspHash: 'SHA256',
      ocspHashFallback: true,
      softFailHours: 0,
      withoutResponder: 'REFUSE',
      crl: 'NEVER',
      requireMoDomain: true,
    };
    expect(policyText(policy).split('\n').slice(0, 2)).toEqual([
      'origins            - (nothing is fetched)',
      'hash               sha256',
    ]);
  });
});

it.each([[[]], [['remove', 'id']], [['nonsense']]])('kw trust %j says how it is meant', async (args) => {
  await expect(trust(args, api().context, NONE)).rejects.toThrow(/^kw trust/);
});
