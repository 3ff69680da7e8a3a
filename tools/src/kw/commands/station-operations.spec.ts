import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkOperation } from '../../client/check-operation.js';
import { GraphqlError, type GraphqlClient } from '../../client/graphql-client.js';
import { outputTo } from '../output.js';
import type { Command } from './context.js';
import { firmware } from './firmware.js';
import { stationLog } from './log.js';
import { reserve, unreserve } from './reserve.js';

const STATION = { id: 'st', identity: 'CP-1', evses: [{ number: 1, connectors: [{ id: 'c1' }] }] };
const ACCEPTED = { outcome: 'ACCEPTED', status: 'Accepted', errorCode: null, errorDescription: null };

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kilowatch-kw-'))));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

type Answers = Record<string, (variables: Record<string, unknown>) => unknown>;

/** Runs a command against an API that answers a root field with what is given for it. */
async function run(command: Command, args: readonly string[], answers: Answers) {
  const asked: Record<string, unknown>[] = [];
  const written: string[] = [];
  const all: Answers = { stations: () => ({ edges: [{ node: STATION }] }), ...answers };
  const client = {
    request: (query: string, variables: Record<string, unknown>) => {
      checkOperation(query);
      const [field, answer] = Object.entries(all).find(([name]) => query.includes(`${name}(`))!;
      asked.push(variables);
      return Promise.resolve({ [field]: answer(variables) });
    },
  } as unknown as GraphqlClient;
  const output = outputTo((text) => written.push(text), false);
  const code = await command(args, { client, output, signal: new AbortController().signal });
  return { code, text: written.join(''), asked };
}

describe('kw reserve', () => {
  const reservation = { id: 'r1', number: 7, expiresAt: '2026-03-01T10:00:00Z' };

  const quote = { id: 'q1', summary: ['Reserved time costs 3.00 EUR per hour.'] };
  const createQuote = () => ({ quote });

  it('says what it costs first, keeps the first connector of the EVSE for that price, and says until when', async () => {
    const { code, text, asked } = await run(reserve, ['cp-1', '1', '15'], {
      createQuote,
      reserveConnector: () => ({ __typename: 'ReservationMade', reservation }),
    });
    expect([code, text]).toEqual([
      0,
      'Reserved time costs 3.00 EUR per hour.\nreserved  r1  until 2026-03-01T10:00:00Z\n',
    ]);
    expect(asked[2]).toMatchObject({ input: { connectorId: 'c1', quoteId: 'q1' } });
  });

  it('keeps it without a price where there is none yet', async () => {
    const { code, asked } = await run(reserve, ['CP-1'], {
      createQuote: () => {
        throw new GraphqlError([{ message: 'x', extensions: { code: 'FAILED_PRECONDITION' } }], null);
      },
      reserveConnector: () => ({ __typename: 'ReservationMade', reservation }),
    });
    expect([code, asked[2]]).toMatchObject([0, { input: { quoteId: null } }]);
  });

  it('fails with the reason', async () => {
    const refused = { __typename: 'ReservationRefused', reason: 'OCCUPIED', message: 'In use.' };
    const { code, text } = await run(reserve, ['CP-1'], {
      createQuote,
      reserveConnector: () => refused,
    });
    expect([code, text]).toEqual([1, `${quote.summary[0]}\nrefused  OCCUPIED  In use.\n`]);
  });

  it('gives it back', async () => {
    const cancelled = { __typename: 'ReservationCancelled', reservation };
    expect((await run(unreserve, ['r1'], { cancelReservation: () => cancelled })).code).toBe(0);
  });

  it.each([[[]], [['CP-2']], [['CP-1', '9']], [['CP-1', 'one']], [['CP-1', '1', '0']]])(
    'refuses %j',
    async (args) => {
      await expect(run(reserve, args, {})).rejects.toThrow();
    },
  );
});

describe('kw firmware', () => {
  it('lists updates, and asks for one when there is an address', async () => {
    const update = { kind: 'INSTALL', status: 'INSTALLED', location: null, requestedAt: 'r', updatedAt: 'u' };
    const listed = await run(firmware, ['CP-1'], {
      station: () => ({ firmwareUpdates: { edges: [{ node: update }] } }),
    });
    expect(listed.text).toContain('INSTALLED');
    const asked = await run(firmware, ['CP-1', 'https://x/'], {
      updateFirmware: () => ({ result: ACCEPTED, firmwareUpdate: update }),
    });
    expect([asked.code, asked.asked[1]]).toEqual([0, { input: { stationId: 'st', location: 'https://x/' } }]);
  });
});

describe('kw log', () => {
  const file = randomBytes(700);
  const log = (sha256: string) => ({
    id: 'l1',
    kind: 'DIAGNOSTICS',
    status: 'RECEIVED',
    detail: null,
    requestedAt: 'r',
    file: { name: 'd.zip', sizeBytes: 700, sha256, chunkCount: 2 },
  });
  const api = (sha256: string) => ({
    stationLog: ({ number }: Record<string, unknown>) =>
      number === undefined
        ? log(sha256)
        : {
            file: {
              chunk: file.subarray(Number(number) * 400, (Number(number) + 1) * 400).toString('base64'),
            },
          },
  });

  it('asks for one', async () => {
    const { code, text } = await run(stationLog, ['CP-1', 'security'], {
      requestLog: () => ({ result: ACCEPTED, log: { id: 'l1' } }),
    });
    expect([code, text]).toEqual([0, 'ACCEPTED  Accepted  l1\n']);
  });

  it('puts the parts of one together, and notices a damaged one', async () => {
    const target = join(folder, 'd.zip');
    const sha256 = createHash('sha256').update(file).digest('hex');
    expect((await run(stationLog, ['CP-1', 'l1', target], api(sha256))).code).toBe(0);
    expect(readFileSync(target).equals(file)).toBe(true);
    await expect(run(stationLog, ['CP-1', 'l1', target], api('0'))).rejects.toThrow(/damaged/);
  });

  it('goes into the folder it was called from, which is not the one npm runs in', async () => {
    vi.stubEnv('INIT_CWD', folder);
    const sha256 = createHash('sha256').update(file).digest('hex');
    const { text } = await run(stationLog, ['CP-1', 'l1', 'd.zip'], api(sha256));
    expect(readFileSync(join(folder, 'd.zip')).equals(file)).toBe(true);
    expect(text).toBe(`${join(folder, 'd.zip')}  700 bytes\n`);
  });

  it('of a station that sent nothing is an error', async () => {
    const none = { stationLog: () => ({ ...log(''), status: 'FAILED', file: null }) };
    await expect(run(stationLog, ['CP-1', 'l1', join(folder, 'x')], none)).rejects.toThrow(/FAILED/);
  });
});
