// Real: Postgres (own role, row-level security), NATS JetStream, HTTP, gRPC, argon2; two pods in this process. The peers are played by the rig.
import { randomUUID } from 'node:crypto';
import { CONFIG, runService, type ConfigOf, type RunningService } from '@kilowatch/platform';
import { waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authService } from '../src/auth.module.js';
import type { configShape } from '../src/config.js';
import { MOST_PER_MINUTE } from '../src/domain/refused-sign-in.js';
import { AttemptGuard } from '../src/usecases/attempt-guard.js';
import { RefusedSignIns } from '../src/usecases/refused-sign-ins.js';
import { SignIn } from '../src/usecases/sign-in.js';
import { VerifyStation } from '../src/usecases/verify-station.js';
import { AuthRig, DEMO, PASSWORD } from './auth-rig.js';
import { MovedClock, signIn, signInWith } from './people-rig.js';

const STATION_PASSWORD = 'station-password-1';
const clock = new MovedClock();
let app: AuthRig;
let other: RunningService;
beforeAll(async () => {
  app = await AuthRig.start({}, clock);
  const config = app.rig.running.get<ConfigOf<typeof configShape>>(CONFIG);
  // Before the clock moves: calls have deadlines.
  await app.service.setStationCredential(
    {
      stationId: randomUUID(),
      identity: 'CS-PODS',
      securityProfile: 1,
      password: STATION_PASSWORD,
      allowMissingSubprotocol: false,
      factoryCredentials: false,
    },
    DEMO,
  );
  other = await runService({ ...authService(config), clock });
});
/** Each test has a minute of its own, from its start. */
beforeEach(() => {
  clock.forward(60_000);
  clock.toNextMinute();
});
afterAll(async () => {
  await other.close();
  await app.close();
});

interface Kept {
  readonly target_kind: string;
  readonly target_id: string;
  readonly address: string | null;
  readonly details: { readonly why: string; readonly times: number };
}
const keptOf = (target: string, address?: string) =>
  app.rig.sql<Kept>(
    `select target_kind, target_id, address, details from audit_entry where action = 'sign_in.refused' and target_id = $1
      and ($2::text is null or address = $2) order by details->>'why'`,
    [target, address ?? null],
  );
/** The minutes so far are over. */
const written = async () => {
  clock.forward(66_000);
  await waitFor(
    'the refusals on record',
    async () => {
      const [row] = await app.rig.sql<{ left: string }>('select count(*) as left from refused_sign_in');
      return row!.left === '0';
    },
    { timeoutMs: 30_000 },
  );
};
const pods = () => [app.rig.running, other] as const;

describe('a sign-in that is refused', () => {
  it('is one entry for the account, the address, the reason and the minute, with how often', async () => {
    const { accountId } = await app.createPerson('many@example.org');
    for (let i = 0; i < 3; i += 1) await app.signIn('many@example.org', `guess ${i}`, '192.0.2.1');
    await app.signIn('many@example.org', 'guess', '192.0.2.2');
    await written();
    const wrong = (address: string, times: number) => ({
      target_kind: 'account',
      target_id: accountId,
      address,
      details: { why: 'WRONG_PASSWORD', times },
    });
    expect(await keptOf(accountId, '192.0.2.1')).toEqual([wrong('192.0.2.1', 3)]);
    expect(await keptOf(accountId, '192.0.2.2')).toEqual([wrong('192.0.2.2', 1)]);
    await app.signIn('many@example.org', 'guess', '192.0.2.1');
    await written();
    expect(await keptOf(accountId, '192.0.2.1')).toHaveLength(2);
  });

  it('of an account that is locked out by guessing is kept too, once a minute', async () => {
    const { accountId } = await app.createPerson('locked@example.org');
    for (let i = 0; i < 14; i += 1) await app.signIn('locked@example.org', `guess ${i}`, `192.0.2.${i + 10}`);
    await written();
    const kept = await keptOf(accountId);
    expect(kept.filter(({ details }) => details.why === 'WRONG_PASSWORD')).toHaveLength(10);
    // Four tries while it was locked, from four addresses.
    expect(
      kept.filter(({ details }) => details.why === 'LOCKED').map(({ details }) => details.times),
    ).toEqual([1, 1, 1, 1]);
  });

  it('with an e-mail address that has no account keeps where it came from, and nothing of what was typed', async () => {
    await app.signIn('my-password-in-the-wrong-field', 'x', '198.51.100.7');
    await app.signIn('nobody@example.org', 'x', '198.51.100.7');
    await written();
    expect(await keptOf('', '198.51.100.7')).toEqual([
      {
        target_kind: 'sign_in',
        target_id: '',
        address: '198.51.100.7',
        details: { why: 'UNKNOWN_ACCOUNT', times: 2 },
      },
    ]);
    const [row] = await app.rig.sql<{ all: string }>(
      `select string_agg(a::text, ' ') as all from audit_entry a`,
    );
    expect(row!.all).not.toContain('wrong-field');
    expect(row!.all).not.toContain('nobody@example.org');
  });

  it('by somebody who is switched off, or by a passkey that nobody has', async () => {
    const person = await app.createPerson('off@example.org');
    await app.rig.sql('update account set active = false where id = $1', [person.accountId]);
    expect((await signIn(app, 'off@example.org', PASSWORD)).reason).toBe('INACTIVE');
    const { data } = await app.rig.graphql<{ startPasskeySignIn: { ticket: string } }>(
      null,
      'mutation { startPasskeySignIn { ticket } }',
    );
    await signInWith(
      app,
      'finishPasskeySignIn',
      'FinishPasskeySignInInput',
      { ticket: data!.startPasskeySignIn.ticket, response: { id: 'nobodys' } },
      { address: '198.51.100.8' },
    );
    await written();
    expect((await keptOf(person.accountId)).map(({ details }) => details)).toEqual([
      { why: 'INACTIVE', times: 1 },
    ]);
    expect((await keptOf('', '198.51.100.8')).map(({ details }) => details)).toEqual([
      { why: 'WRONG_PASSKEY', times: 1 },
    ]);
  });

  it('fills no table: of a minute so many are kept apart, the rest is a number; of a tenant without accounts none', async () => {
    const refused = app.rig.running.get(RefusedSignIns);
    const note = (tenant: string, i: number) =>
      refused.note({ tenant, address: `203.0.${i >> 8}.${i & 255}`, why: 'UNKNOWN_ACCOUNT' });
    for (let i = 0; i < MOST_PER_MINUTE + 50; i += 1) await note('demo', i);
    for (let i = 0; i < 3; i += 1) await note('nobodys', i);
    const rows = await app.rig.sql<{ tenant: string; address: string; times: number }>(
      'select * from refused_sign_in',
    );
    expect(rows).toHaveLength(MOST_PER_MINUTE + 1);
    expect(rows.filter(({ address }) => address === '')).toMatchObject([{ tenant: 'demo', times: 50 }]);
    // What is known in this minute goes on being counted.
    await note('demo', 0);
    const [first] = await app.rig.sql<{ times: number }>(
      `select times from refused_sign_in where address = '203.0.0.0'`,
    );
    expect(first!.times).toBe(2);
    await written();
  });
});

describe('guessing at several pods', () => {
  const device = (address: string) => ({ address, agent: undefined });

  it('at one name is limited as at one: each further pod gives one guess more', async () => {
    await app.createPerson('pods@example.org');
    const outcomes: string[] = [];
    for (let i = 0; i < 16; i += 1) {
      const guess = { email: 'pods@example.org', password: `guess ${i}` };
      const answer = await pods()
        [i % 2]!.get(SignIn)
        .withPassword(guess, device(`192.0.2.${i + 100}`));
      outcomes.push('reason' in answer ? answer.reason : 'in');
    }
    expect(outcomes.filter((one) => one === 'WRONG_CREDENTIALS').length).toBeLessThanOrEqual(11);
    expect(outcomes.slice(12)).toEqual(Array.from({ length: 4 }, () => 'RATE_LIMITED'));
  });

  it('is forgiven on all of them by the right password', async () => {
    await app.createPerson('forgiven@example.org');
    const attempt = (pod: number, password: string) =>
      pods()
        [pod]!.get(SignIn)
        .withPassword({ email: 'forgiven@example.org', password }, device('192.0.2.222'));
    for (let i = 0; i < 9; i += 1) await attempt(0, `guess ${i}`);
    expect(await attempt(0, PASSWORD)).not.toHaveProperty('reason');
    for (let i = 0; i < 8; i += 1)
      expect(await attempt(1, `guess ${i}`)).toMatchObject({ reason: 'WRONG_CREDENTIALS' });
    expect(await attempt(1, PASSWORD)).not.toHaveProperty('reason');
  });

  it('at the password of a station too; a success of one that never failed writes nothing', async () => {
    const comes = (pod: number, given: string) =>
      pods()
        [pod]!.get(VerifyStation)
        .run({
          identity: 'CS-PODS',
          tenant: 'demo',
          securityProfile: 1,
          username: Buffer.from('CS-PODS'),
          password: Buffer.from(given),
          remoteIp: '192.0.2.9',
        });
    const count = async () => (await app.rig.sql('select 1 from failed_attempt')).length;
    const before = await count();
    expect((await comes(0, STATION_PASSWORD)).verdict).toBe('ACCEPTED');
    expect(await count()).toBe(before);
    const verdicts: string[] = [];
    for (let i = 0; i < 14; i += 1) verdicts.push((await comes(i % 2, `guess-${i}-guess-guess`)).verdict);
    expect(verdicts.filter((one) => one === 'BAD_CREDENTIALS').length).toBeLessThanOrEqual(11);
    expect(verdicts.at(-1)).toBe('RATE_LIMITED');
    // What was right before is let in all the same.
    expect((await comes(0, STATION_PASSWORD)).verdict).toBe('ACCEPTED');
    const names = await app.rig.sql<{ key: Buffer }>('select key from failed_attempt');
    expect(names.every(({ key }) => key.length === 32)).toBe(true);
  });

  it('at a keypad whose codes go to several pods holds it back at all of them', async () => {
    const stationId = randomUUID();
    const guards = pods().map((pod) => pod.get(AttemptGuard));
    const wrong = { stationId, status: 'INVALID', isCode: true } as const;
    for (let i = 0; i < 5; i += 1) guards[i % 2]!.noted('demo', wrong);
    await waitFor('one of them', () => guards.some((guard) => guard.isHeldBack('demo', stationId)));
    await waitFor('both', () => {
      // One code more at the other.
      guards.find((guard) => !guard.isHeldBack('demo', stationId))?.noted('demo', wrong);
      return guards.every((guard) => guard.isHeldBack('demo', stationId));
    });
    clock.forward(31_000);
    guards[0]!.noted('demo', { stationId, status: 'ACCEPTED', isCode: true });
    await waitFor(
      'it forgotten',
      async () =>
        (
          await app.rig.sql('select 1 from failed_attempt where last_at > $1', [
            new Date(clock.now().getTime() - 300_000),
          ])
        ).length === 0,
    );
  });
});
