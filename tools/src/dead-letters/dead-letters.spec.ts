import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { events, feedback } from '@kilowatch/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseUrl } from './database-url.js';
import { ageText, payloadText } from './letter-text.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kilowatch-letters-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the database of the dead letters', () => {
  it('is DATABASE_URL before all else', async () => {
    expect(await databaseUrl(folder, { DATABASE_URL: 'postgres://a', KW_DATABASE_URL: 'postgres://b' })).toBe(
      'postgres://a',
    );
  });

  it('is the one of the pod it runs in, whatever else that pod is told', async () => {
    const more = { KW_SMTP_URL: 'smtp://mail', KW_HTTP_PORT: '8080' };
    expect(await databaseUrl(folder, { ...more, KW_DATABASE_URL: 'postgres://b' })).toBe('postgres://b');
    const file = join(folder, 'url');
    writeFileSync(file, 'postgres://c\n');
    expect(await databaseUrl(folder, { ...more, KW_DATABASE_URL_FILE: file })).toBe('postgres://c');
    expect(await databaseUrl(folder, { ...more, KW_ADMIN_DATABASE_URL_FILE: file })).toBe('postgres://c');
  });

  it('is that of the system on the data folder, while one runs there', async () => {
    const cluster = join(folder, 'postgres', 'cluster');
    mkdirSync(cluster, { recursive: true });
    writeFileSync(join(folder, 'postgres', 'superuser-password'), 'secret');
    const pidFile = (pid: number, state: string) =>
      writeFileSync(
        join(cluster, 'postmaster.pid'),
        [pid, cluster, 0, 5433, '', '127.0.0.1', 0, state, ''].join('\n'),
      );
    pidFile(process.pid, 'ready   ');
    expect(await databaseUrl(folder, {})).toBe('postgres://postgres:secret@127.0.0.1:5433/postgres');
    for (const [pid, state] of [
      [process.pid, 'starting'],
      [2 ** 22 + 1, 'ready   '],
    ] as const) {
      pidFile(pid, state);
      await expect(databaseUrl(folder, {})).rejects.toThrow(`no system runs on ${folder}`);
    }
  });

  it('is missed with what to do', async () => {
    await expect(databaseUrl(folder, {})).rejects.toThrow(
      `no system runs on ${folder}: start it (npm start), name its folder (--data-dir DIR) or set DATABASE_URL`,
    );
  });
});

describe('a letter in words', () => {
  it('has an age one can judge', () => {
    expect([5.9, 119, 120, 7_199, 7_200, 172_799, 172_800].map(ageText)).toEqual([
      '5 s',
      '119 s',
      '2 min',
      '119 min',
      '2 h',
      '47 h',
      '2 days',
    ]);
  });

  it('has its event as JSON where that can be read, else its bytes', () => {
    const subject = events.sessionRated.subject('demo');
    const bytes = events.sessionRated.encode(feedback.SessionRated.create({ score: 5 }));
    expect(JSON.parse(payloadText(subject, bytes))).toMatchObject({ score: 5 });
    const torn = new Uint8Array([255, 255]);
    expect(payloadText(subject, torn)).toBe('base64 //8=');
    expect(payloadText('evt.nobody.knows.v1.demo', torn)).toBe('base64 //8=');
  });
});
