// Real: every service as a process, and kw as one. It has no way but the public API.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedTime, VirtualCharger, aVehicle, waitFor } from '@kilowatch/testing';
import { GraphqlClient } from '@kilowatch/tools/client/graphql-client';
import { allDayTariff } from '@kilowatch/tools/demo/price-judge';
import {
  DEMO_ACCOUNTS,
  DEMO_PASSWORD,
  DEMO_STATION_PASSWORD,
  DEMO_TOKENS,
} from '@kilowatch/tools/seed/demo-data';
import { DEMO_ADMIN } from '@kilowatch/tools/system/system-options';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Kw } from './support/kw-command.js';
import { SystemUnderTest } from './support/system-under-test.js';
import type { ToolRun } from './support/tool-run.js';

const UNKNOWN_ID = '018f2c9e-0000-7000-8000-000000000001';
/** The shortest that auth takes. */
const TOKEN_MINUTES = 1;

let sut: SystemUnderTest;
let folder: string;
let operator: Kw;
let driver: Kw;
let stranger: Kw;
let charger: VirtualCharger;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kilowatch-kw-'));
  sut = await SystemUnderTest.start(
    { extraEnv: { auth: { KW_ACCESS_TOKEN_MINUTES: String(TOKEN_MINUTES) } } },
    allDayTariff(),
  );
  [operator, driver, stranger] = await Promise.all(
    DEMO_ACCOUNTS.map(async ({ email }) => {
      const kw = new Kw(join(folder, `${email}.json`));
      const { code, err } = await kw.run('login', email, DEMO_PASSWORD, '--url', sut.system.graphqlUrl);
      expect(code, err).toBe(0);
      return kw;
    }) as [Promise<Kw>, Promise<Kw>, Promise<Kw>],
  );
  charger = new VirtualCharger({
    url: sut.system.ocppUrl,
    identity: 'KW-DEMO-16',
    password: DEMO_STATION_PASSWORD,
    version: '1.6',
    meterIntervalMs: 60_000,
    time: new SimulatedTime({ start: new Date(Date.now() - 48 * 3_600_000), speed: 60 }),
  });
  await charger.start();
});
afterAll(async () => {
  await charger?.shutdown();
  await sut?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string, content: string) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const json = (run: ToolRun): unknown => JSON.parse(run.out);
const errorOf = (run: ToolRun) => {
  expect(run.out).toBe('');
  return (JSON.parse(run.err) as { error: { code: string; message: string } }).error;
};
const succeeded = (run: ToolRun) => expect([run.code, run.err]).toEqual([0, '']);

/** A session of the first driver, and its id as they find it. */
async function startSession(): Promise<string> {
  charger.plugIn(1, aVehicle({ batteryWh: 1_000_000 }));
  charger.begin(DEMO_TOKENS[0].value, 1);
  const found = await waitFor(
    'the session in the list',
    async () => {
      const sessions = json(await driver.run('sessions', 'list', '1', '--json')) as {
        id: string;
        state: string;
      }[];
      return sessions[0]?.state === 'ACTIVE' ? sessions[0].id : undefined;
    },
    { timeoutMs: 20_000 },
  );
  return found;
}

async function latestOf(kw: Kw): Promise<string> {
  const [{ id }] = json(await kw.run('sessions', 'list', '1', '--json')) as [{ id: string }];
  return id;
}

function endSession(): void {
  charger.end(1);
  charger.unplug(1);
}

describe('kw login', () => {
  it('says who is signed in where, and keeps the sign-in for the next command', async () => {
    const kw = new Kw(join(folder, 'again', 'kw.json'));
    const arguments_ = ['login', DEMO_ACCOUNTS[0].email, DEMO_PASSWORD, '--url', sut.system.graphqlUrl];
    const text = await kw.run(...arguments_);
    succeeded(text);
    expect(text.out).toBe(`signed in as ${DEMO_ACCOUNTS[0].email} at ${sut.system.graphqlUrl}\n`);
    expect(json(await kw.run(...arguments_, '--json'))).toEqual({
      email: DEMO_ACCOUNTS[0].email,
      url: sut.system.graphqlUrl,
    });
    succeeded(await kw.run('sessions', 'list'));
  });

  it('is refused with a wrong password, in words and as JSON', async () => {
    const kw = new Kw(join(folder, 'refused.json'));
    const login = ['login', DEMO_ACCOUNTS[0].email, 'wrong', '--url', sut.system.graphqlUrl];
    const text = await kw.run(...login);
    expect(text.code).toBe(1);
    expect(text.err).toMatch(/password/i);
    const program = await kw.run(...login, '--json');
    expect(program.code).toBe(1);
    expect(errorOf(program)).toEqual({ code: 'UNAUTHENTICATED', message: text.err.trim() });
  });
});

describe('kw imports', () => {
  it('stations, and says what came of them', async () => {
    const csv = file(
      'stations.csv',
      'id,profile,password,site,connectors,max_current\nKW-CLI-1,1,a-long-station-password,Harbour Garage,2,32\n',
    );
    const first = await operator.run('stations', 'import', csv);
    succeeded(first);
    expect(first.out).toBe('1 created, 0 updated, 0 unchanged, 0 refused\n');
    const again = await operator.run('stations', 'import', csv, '--json');
    expect(json(again)).toMatchObject({ created: 0, problems: [] });
  });

  it('tokens, and names the rows that are refused', async () => {
    const good = await operator.run('tokens', 'import', file('t.csv', 'token,type\n04CAFE01,ISO14443\n'));
    succeeded(good);
    expect(good.out).toMatch(/^1 created/);
    const csv = file('bad.csv', 'token,account\n04CAFE02,\n04CAFE03,nobody@nowhere.example\n');
    const bad = await operator.run('tokens', 'import', csv);
    expect(bad.code).toBe(1);
    expect(bad.out).toMatch(/1 refused\n {2}row 2: \S+/);
    const program = await operator.run('tokens', 'import', csv, '--json');
    expect(program.code).toBe(1);
    expect(json(program)).toMatchObject({ problems: [{ index: 1 }] });
  });
});

describe('kw tariffs apply', () => {
  it('makes a version, and says when nothing changed', async () => {
    const definition = {
      elements: [{ price_components: [{ type: 'ENERGY', price: '0.30', vat: '21', step_size: 1 }] }],
    };
    const tariff = file(
      'tariff.json',
      JSON.stringify({ id: 'cli', name: 'By hand', currency: 'EUR', definition }),
    );
    const first = await operator.run('tariffs', 'apply', tariff);
    succeeded(first);
    expect(first.out).toMatch(/^cli version 1\n {2}\S/);
    const again = await operator.run('tariffs', 'apply', tariff);
    expect(again.out).toMatch(/^cli version 1 \(unchanged\)\n/);
    expect(json(await operator.run('tariffs', 'apply', tariff, '--json'))).toMatchObject({
      changed: false,
      tariff: { id: 'cli', version: 1 },
    });
  });

  it('is for operators', async () => {
    const tariff = file(
      'mine.json',
      JSON.stringify({ id: 'x', name: 'X', currency: 'EUR', definition: { elements: [] } }),
    );
    const refused = await driver.run('tariffs', 'apply', tariff, '--json');
    expect(refused.code).toBe(1);
    expect(errorOf(refused).code).toBe('FORBIDDEN');
  });
});

describe('kw command', () => {
  it('tells what the charger answered', async () => {
    const trigger = ['command', 'kw-demo-16', 'TriggerMessage', '{"requestedMessage":"Heartbeat"}'];
    const text = await operator.run(...trigger);
    succeeded(text);
    expect(text.out).toMatch(/^ACCEPTED {2}Accepted\n$/);
    expect(json(await operator.run(...trigger, '--json'))).toMatchObject({
      outcome: 'ACCEPTED',
      status: 'Accepted',
    });
  });

  it('ends with 1 when the charger is not there', async () => {
    const offline = await operator.run('command', 'KW-CLI-1', 'ClearCache', '--json');
    expect(offline.code).toBe(1);
    expect(json(offline)).toMatchObject({ outcome: 'OFFLINE' });
  });
});

describe('kw sessions', () => {
  it('watch follows a session past the end of the access token, to the bill', async () => {
    const id = await startSession();
    const text = driver.start('sessions', 'watch', id);
    const program = operator.start('sessions', 'watch', id, '--json');
    await Promise.all([text.says(/CHARGING +\d+ W/), program.says(/"chargingState":"CHARGING"/)]);
    const before = readFileSync(driver.credentials, 'utf8');
    // The server closes the connection with the token; kw comes back with the next one.
    await waitFor('a new token', () => readFileSync(driver.credentials, 'utf8') !== before, {
      timeoutMs: (TOKEN_MINUTES * 60 + 20) * 1_000,
      everyMs: 250,
    });
    endSession();
    await Promise.all([text.ended, program.ended]);
    succeeded(text);
    succeeded(program);
    expect(text.lines.at(-1)).toMatch(/^ENDED .* kWh {2}\d+\.\d\d EUR {2}invoice KW-\S+ (OPEN|PAID)$/);
    const documents = program.lines.map((line) => JSON.parse(line) as { id: string; state: string });
    expect(documents.length).toBeGreaterThan(2);
    expect(documents.every((document) => document.id === id)).toBe(true);
    expect(documents.at(-1)).toMatchObject({ state: 'ENDED', cost: { final: true } });
  });

  it('watch of a session that was billed long ago prints it and ends', async () => {
    const run = await driver.run('sessions', 'watch', await latestOf(driver));
    succeeded(run);
    expect(run.lines).toHaveLength(1);
  });

  it('list and show tell the same figures, to people and to programs', async () => {
    const list = await driver.run('sessions', 'list', '1');
    const [row] = json(await driver.run('sessions', 'list', '1', '--json')) as [
      { id: string; energyWh: number; invoice: { number: string } },
    ];
    expect(list.lines[0]).toMatch(/^session +station +started +state/);
    const kwh = (row.energyWh / 1000).toFixed(3);
    for (const text of [row.id, 'KW-DEMO-16', kwh, row.invoice.number]) expect(list.lines[2]).toContain(text);
    const show = await driver.run('sessions', 'show', row.id);
    succeeded(show);
    expect(show.out).toMatch(new RegExp(`^KW-DEMO-16 {2}ENDED {2}${kwh} kWh`));
    expect(show.out).toContain(`invoice ${row.invoice.number}`);
    expect(json(await driver.run('sessions', 'show', row.id, '--json'))).toMatchObject({
      id: row.id,
      energyWh: row.energyWh,
      token: { masked: expect.any(String) as string },
    });
  });

  it('explain one from its registers to its price, and give its invoice as paper and for bookkeeping', async () => {
    const text = await driver.run('session', 'explain', await latestOf(driver));
    succeeded(text);
    for (const part of ['ENERGY', 'register', 'POWER', 'UNSIGNED', 'PRICE', 'invoice KW-'])
      expect(text.out).toContain(part);
    const [{ number }] = json(await driver.run('invoices', 'list', '1', '--json')) as [{ number: string }];
    const [pdf, xml] = [join(folder, 'invoice.pdf'), join(folder, 'invoice.xml')];
    succeeded(await driver.run('invoices', 'pdf', number, pdf, 'nl'));
    expect(readFileSync(pdf).subarray(0, 5).toString()).toBe('%PDF-');
    succeeded(await driver.run('invoices', 'ubl', number, xml));
    expect(readFileSync(xml, 'utf8')).toContain(`<cbc:ID>${number}</cbc:ID>`);
    succeeded(await driver.run('invoices', 'show', number));
    expect((await stranger.run('invoices', 'show', number)).code).toBe(1);
  });

  it('a driver objects to a bill, an operator answers, and no other bill waits', async () => {
    const [{ number }] = json(await driver.run('invoices', 'list', '1', '--json')) as [{ number: string }];
    const { sessions } = json(await driver.run('invoices', 'show', number, '--json')) as {
      sessions: { edges: { node: { session: { id: string } } }[] };
    };
    const { session } = sessions.edges[0]!.node;
    succeeded(await driver.run('disputes', 'open', session.id, 'price', 'Much', 'too', 'dear'));
    const [{ id }] = json(await operator.run('disputes', 'list', '--json')) as [{ id: string }];
    expect((await driver.run('disputes', 'reject', id, 'Cheap enough')).code).toBe(1);
    const told = await operator.run('disputes', 'accept', id, 'waive', 'You are right');
    succeeded(told);
    expect(told.out).toMatch(/ACCEPTED.*Much too dear \/ You are right/);
    const [credit] = json(await driver.run('invoices', 'list', '1', '--json')) as [
      { totalInclVat: { amount: string } },
    ];
    expect(Number(credit.totalInclVat.amount)).toBeLessThan(0);
    const waiting = await operator.run('holds');
    succeeded(waiting);
    expect(waiting.out).toBe('no bill waits\n');
    expect((await operator.run('holds', 'waive', session.id, 'twice')).code).toBe(1);
  });

  it('watch ends with a session that costs nothing, which gets no invoice', async () => {
    const definition = {
      elements: [{ price_components: [{ type: 'ENERGY', price: '0', vat: '21', step_size: 1 }] }],
    };
    const free = { id: 'day-night', name: 'Free', currency: 'EUR', definition };
    succeeded(await operator.run('tariffs', 'apply', file('free.json', JSON.stringify(free))));
    // A price holds for starts after it was applied: the charger's clock is behind ours.
    const late = new VirtualCharger({
      url: sut.system.ocppUrl,
      identity: 'KW-HARBOUR-3',
      password: DEMO_STATION_PASSWORD,
      version: '1.6',
      meterIntervalMs: 500,
    });
    try {
      await late.start();
      late.plugIn(1);
      const entry = late.begin(DEMO_TOKENS[1].value, 1);
      const id = await waitFor('the session', async () => {
        const sessions = json(await stranger.run('sessions', 'list', '--json')) as {
          id: string;
          state: string;
        }[];
        return sessions.find(({ state }) => state === 'ACTIVE')?.id;
      });
      const watch = stranger.start('sessions', 'watch', id);
      await waitFor('readings', () => entry.acknowledgedReadings > 2);
      late.end(1);
      late.unplug(1);
      await watch.ended;
      succeeded(watch);
      expect(watch.lines.at(-1)).toMatch(/0\.00 EUR {2}no invoice$/);
    } finally {
      await late.shutdown();
    }
  });

  it('watch ends at Ctrl-C', async () => {
    const id = await startSession();
    const watch = driver.start('sessions', 'watch', id);
    await watch.says(/CHARGING/);
    watch.interrupt();
    await watch.ended;
    succeeded(watch);
    endSession();
  });

  it.each([
    ['that does not exist', async () => UNKNOWN_ID],
    ['of somebody else', () => latestOf(driver)],
  ])('%s are refused to show and watch, in words and as JSON', async (_what, idOf) => {
    const id = await idOf();
    for (const verb of ['show', 'watch']) {
      const [text, program] = await Promise.all([
        stranger.run('sessions', verb, id),
        stranger.run('sessions', verb, id, '--json'),
      ]);
      expect([verb, text.code, text.out]).toEqual([verb, 1, '']);
      expect(text.err).toMatch(/session/i);
      expect([verb, program.code]).toEqual([verb, 1]);
      expect(errorOf(program).code).toBe('NOT_FOUND');
    }
  });
});

describe('several kw at once', () => {
  it('do not spend one refresh token twice: the sign-in stays', async () => {
    const runs = await Promise.all(Array.from({ length: 6 }, () => driver.run('sessions', 'list', '1')));
    runs.forEach(succeeded);
    succeeded(await driver.run('sessions', 'list', '1'));
  });
});

describe('wrong input', () => {
  const cases: [string, () => string[], RegExp][] = [
    [
      'no command of that name',
      () => ['sessions', 'frobnicate'],
      /there is no command sessions frobnicate: kw --help/,
    ],
    ['an option that does not exist', () => ['sessions', 'list', '--all'], /--all/],
    ['login without a password', () => ['login', 'a@b.cd'], /who\? kw login EMAIL PASSWORD/],
    ['show without an id', () => ['sessions', 'show'], /which session\? kw sessions show ID/],
    ['watch without an id', () => ['sessions', 'watch'], /which session\? kw sessions watch ID/],
    ['a list of no number', () => ['sessions', 'list', 'all'], /how many\?.*1 to 100, not all/],
    [
      'an import without a file',
      () => ['stations', 'import'],
      /which file\? A CSV file with the columns id, /,
    ],
    ['a file that is not there', () => ['tokens', 'import', '/none.csv'], /there is no file \/none\.csv/],
    ['a file without its columns', () => ['tokens', 'import', file('c.csv', 'a\n1\n')], /no column token/],
    ['a file without rows', () => ['tokens', 'import', file('d.csv', 'token\n')], /no rows below its header/],
    [
      'a cell that is no number',
      () => ['stations', 'import', file('e.csv', 'id,profile,site,connectors,max_current\nX,1,S,two,32\n')],
      /row 1: connectors wants a whole number, not "two"/,
    ],
    ['a tariff that is no JSON', () => ['tariffs', 'apply', file('f.json', '{')], /f\.json is no JSON/],
    ['a command without an action', () => ['command', 'KW-DEMO-16'], /which\? kw command STATION ACTION/],
    [
      'a payload that is no JSON',
      () => ['command', 'KW-DEMO-16', 'Reset', '{'],
      /the payload is no JSON: \{/,
    ],
    ['a station that is not there', () => ['command', 'KW-NONE', 'Reset'], /there is no station KW-NONE/],
  ];

  it.each(cases)('%s is named, in words and as JSON', async (_what, args, message) => {
    const [text, program] = await Promise.all([operator.run(...args()), operator.run(...args(), '--json')]);
    expect([text.code, text.out]).toEqual([1, '']);
    expect(text.err).toMatch(message);
    expect(program.code).toBe(1);
    expect(errorOf(program).message).toMatch(message);
    expect(errorOf(program).code).toMatch(/^(BAD_USER_INPUT|NOT_FOUND)$/);
  });

  it('no sign-in and no server are named too', async () => {
    const nobody = new Kw(join(folder, 'nobody.json'));
    expect(errorOf(await nobody.run('sessions', 'list', '--json'))).toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringMatching(/^not signed in: kw login/) as string,
    });
    const nowhere = await nobody.run('login', 'a@b.cd', 'x', '--url', 'http://127.0.0.1:1/graphql', '--json');
    expect(errorOf(nowhere)).toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/^http:\/\/127\.0\.0\.1:1\/graphql cannot be reached/) as string,
    });
  });

  it('no command at all shows the help', async () => {
    const none = await operator.run();
    expect([none.code, none.err]).toEqual([2, '']);
    const help = await operator.run('--help');
    succeeded(help);
    expect(none.out).toBe(help.out);
    expect(help.out).toMatch(/kw sessions list \[N\] \| show ID \| watch ID/);
  });
});

describe('what operators look into', () => {
  it('frames of a station, without its cards, and only for them', async () => {
    const texts = (await operator.run('trace', 'kw-demo-16', '--json')).out;
    const frames = texts
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { action: string; text: string });
    expect(frames.map(({ action }) => action)).toContain('MeterValues');
    expect(texts).not.toContain(DEMO_TOKENS[0].value);
    const boots = await operator.run(
      'trace',
      'KW-DEMO-16',
      '--action',
      'BootNotification',
      '--search',
      'virtual',
    );
    expect(boots.out.trim().split('\n')).toHaveLength(1);
    expect((await driver.run('trace', 'KW-DEMO-16')).code).toBe(1);
  });

  it('who came to the door, why they were refused, and what to do', async () => {
    const knock = new WebSocket(`${sut.system.ocppUrl}/NOBODY-7`, ['ocpp1.6']);
    await new Promise((resolve) => knock.on('error', resolve));
    const told = await waitFor('the attempt', async () => {
      const run = await operator.run('connections', 'nobody-7');
      return run.out.includes('unknown_station') ? run.out : undefined;
    });
    expect(told).toContain('No station has this identity');
  });

  it('messages that could not be processed: none wait, and an unknown one is not found', async () => {
    expect((await operator.run('quarantine')).out).toContain('nothing waits');
    const { code, err } = await operator.run('quarantine', 'dismiss', UNKNOWN_ID, 'no reason');
    expect([code, err]).toEqual([1, expect.stringContaining('no such message')]);
  });

  it('one command to many stations, with the outcome of each', async () => {
    const filter = JSON.stringify({ vendor: 'Kilowatch', online: true });
    const { code, out } = await operator.run('bulk', filter, 'ClearCache', '{}');
    expect(out).toContain('KW-DEMO-16');
    expect([code, out]).toEqual([0, expect.stringContaining('1 of 1 accepted')]);
  });
});

describe('administrators', () => {
  let admin: Kw;
  beforeAll(async () => {
    admin = new Kw(join(folder, 'admin.json'));
    succeeded(
      await admin.run('login', DEMO_ADMIN.email, DEMO_ADMIN.password, '--url', sut.system.graphqlUrl),
    );
  });

  it('make, renew and revoke machine clients, whose tokens then stop', async () => {
    const made = await admin.run('clients', 'create', 'reports', 'sessions:read,tokens:read', '--json');
    succeeded(made);
    const { client, secret } = json(made) as { client: { id: string; scopes: string[] }; secret: string };
    expect(client.scopes).toEqual(['sessions:read', 'tokens:read']);
    expect(await tokenStatus(client.id, secret)).toBe(200);
    const renewed = json(await admin.run('clients', 'rotate', client.id, '0', '--json')) as {
      secret: string;
    };
    expect([await tokenStatus(client.id, secret), await tokenStatus(client.id, renewed.secret)]).toEqual([
      401, 200,
    ]);
    const refused = await admin.run('clients', 'create', 'too much', 'accounts:write', '--json');
    expect(errorOf(refused)).toMatchObject({ code: 'BAD_USER_INPUT' });
    const revoked = await admin.run('clients', 'revoke', client.id, 'the', 'program', 'is', 'gone');
    succeeded(revoked);
    expect(await tokenStatus(client.id, renewed.secret)).toBe(401);
    const listed = (await admin.run('clients', 'list')).out;
    expect(listed).toMatch(new RegExp(`${client.id} .*revoked`));
    expect(listed).not.toContain(renewed.secret);
    expect(errorOf(await operator.run('clients', 'list', '--json'))).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('and all others sign in with a code where their account has a second factor', async () => {
    const person = { email: 'coded@kilowatch.local', password: 'three herons by the lock' };
    const url = sut.system.graphqlUrl;
    const boss = await new GraphqlClient(url).signIn(DEMO_ADMIN.email, DEMO_ADMIN.password);
    await boss.request(
      'mutation($input: CreateAccountInput!) { createAccount(input: $input) { account { id } } }',
      {
        input: { ...person, displayName: 'Cora Coded', role: 'OPERATOR' },
      },
    );
    await boss.close();
    const client = await new GraphqlClient(url).signIn(person.email, person.password);
    const { startTotp } = await client.request<{ startTotp: { secret: string } }>(
      'mutation($input: StartTotpInput!) { startTotp(input: $input) { secret } }',
      { input: { password: person.password } },
    );
    const code = new TOTP({ secret: Secret.fromBase32(startTotp.secret) }).generate();
    const { confirmTotp } = await client.request<{ confirmTotp: { recoveryCodes: string[] } }>(
      'mutation($input: ConfirmTotpInput!) { confirmTotp(input: $input) { recoveryCodes } }',
      { input: { code } },
    );
    await client.close();
    const kw = new Kw(join(folder, 'coded.json'));
    const login = ['login', person.email, person.password, '--url', url];
    expect(errorOf(await kw.run(...login, '--json'))).toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('--code CODE') as string,
    });
    // It was used to set it up.
    expect(errorOf(await kw.run(...login, '--code', code, '--json')).message).toContain('was used already');
    succeeded(await kw.run(...login, '--code', confirmTotp.recoveryCodes[0]!));
    succeeded(await kw.run('sessions', 'list'));
  });
});

/** What a machine client hears when it asks for a token. */
async function tokenStatus(id: string, secret: string): Promise<number> {
  const response = await fetch(new URL('/oauth/token', sut.system.graphqlUrl), {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return response.status;
}
