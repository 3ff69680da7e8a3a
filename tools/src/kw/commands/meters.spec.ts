import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkOperation } from '../../client/check-operation.js';
import { outputTo } from '../output.js';
import {
  meterKeysText,
  meters,
  proofText,
  wantedKey,
  type MeterKeyRow,
  type SignedReadingsView,
} from './meters.js';

const key: MeterKeyRow = {
  id: 'k-1',
  evseNumber: 0,
  serial: '',
  curve: 'secp256r1',
  fingerprint: 'ab'.repeat(32),
  validFrom: '2026-01-02T00:00:00.000Z',
  validUntil: null,
};
const signed: SignedReadingsView = {
  verdict: 'VERIFIED',
  reasons: [],
  beginWh: 1_000,
  endWh: 4_510,
  records: [
    {
      measuredAt: '2026-11-29T10:00:00.000Z',
      verdict: 'VERIFIED',
      reason: null,
      meterSerial: 'BQ1',
      claimedKey: null,
    },
  ],
  transparencyXml: '<values/>\n',
};

let folder: string;
let asked: { query: string; variables: Record<string, unknown> }[];
let written: string;
let view: SignedReadingsView;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kw-meters-'));
  writeFileSync(join(folder, 'key.pem'), '  the key\n');
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  asked = [];
  written = '';
  view = signed;
});

const client = {
  request: (query: string, variables: Record<string, unknown>) => {
    checkOperation(query);
    asked.push({ query, variables });
    return Promise.resolve({
      stations: { edges: [{ node: { id: 's-1', identity: 'CP-1' } }] },
      meterKeys: [key],
      registerMeterKey: { key },
      endMeterKey: { key: { ...key, validUntil: '2026-12-01T00:00:00.000Z' } },
      session: { signedReadings: view },
    });
  },
} as never;
const run = (...args: string[]) =>
  meters(args, {
    client,
    output: outputTo((text) => (written += text), false),
    signal: new AbortController().signal,
  });
const last = () => asked.at(-1)!.variables;

describe('kw meters', () => {
  it('adds the key of a file, with what is said of it, and asks to compare its fingerprint', async () => {
    await run(
      'add',
      'CP-1',
      join(folder, 'key.pem'),
      'evse=2',
      'serial=BQ=1',
      'from=2026-03-01T00:00:00+01:00',
    );
    expect(last()['input']).toMatchObject({
      publicKey: 'the key',
      evseNumber: 2,
      serial: 'BQ=1',
      validFrom: '2026-02-28T23:00:00.000Z',
    });
    expect(written).toContain(key.fingerprint);
  });

  it('ends a key now, or at a time', async () => {
    await run('end', 'k-1');
    expect(last()).toEqual({ input: { id: 'k-1' } });
    await run('end', 'k-1', '2026-12-01');
    expect(last()).toEqual({ input: { id: 'k-1', until: '2026-12-01T00:00:00.000Z' } });
  });

  it('shows what the signatures of a session are worth, or gives the file for the transparency software', async () => {
    await run('proof', 'x-1');
    expect(written).toContain('VERIFIED: 1000 Wh to 4510 Wh, 3510 Wh');
    written = '';
    await run('proof', 'x-1', 'xml');
    expect(written.trim()).toBe('<values/>');
    view = { ...signed, transparencyXml: null };
    await expect(run('proof', 'x-1', 'xml')).rejects.toThrow('signed nothing');
  });

  it.each([
    [[]],
    [['list']],
    [['add', 'CP-1']],
    [['end']],
    [['proof']],
    [['proof', 'x-1', 'pdf']],
    [['other']],
  ])('says how it is used for %j', async (args) => {
    await expect(run(...args)).rejects.toThrow(/^kw meters list STATION/);
  });

  it.each([['evse=x'], ['colour=red'], ['evse'], ['from=never']])('refuses %s', (assignment) => {
    expect(() => wantedKey([assignment])).toThrow();
  });
});

describe('what it prints', () => {
  it('of keys', () => {
    expect(meterKeysText([key])).toMatch(/k-1 +all +any +secp256r1 +abababababababab +2026-01-02 +-/);
    expect(meterKeysText([])).toContain('kw meters add');
  });

  it('of a session whose key nobody knows: what the station claims, to be compared', () => {
    const text = proofText({
      ...signed,
      verdict: 'UNKNOWN_KEY',
      reasons: ['key_unknown'],
      beginWh: null,
      endWh: null,
      records: [{ ...signed.records[0]!, verdict: 'UNKNOWN_KEY', reason: 'key_unknown', claimedKey: 'b2Nh' }],
    });
    expect(text).toMatch(/^UNKNOWN_KEY \(key_unknown\)/);
    expect(text).toContain('b2Nh');
  });

  it('of a session without signatures', () => {
    expect(proofText({ ...signed, verdict: 'UNSIGNED', records: [], beginWh: null, endWh: null })).toBe(
      'UNSIGNED',
    );
  });
});
