// Real: Postgres, NATS JetStream, gRPC; two pods in this process. Sessions is played by its events.
import { randomUUID } from 'node:crypto';
import { auth as contract, events, type sessions } from '@kilowatch/contracts';
import { CONFIG, runService, type ConfigOf, type RunningService } from '@kilowatch/platform';
import { aSessionSnapshot, waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authService } from '../src/auth.module.js';
import type { configShape } from '../src/config.js';
import { DecideToken, type PresentedToken } from '../src/usecases/decide-token.js';
import { AuthRig, DEMO } from './auth-rig.js';
import { MovedClock } from './people-rig.js';

const { DecisionStatus: Status, DecisionPurpose: Purpose } = contract;
const clock = new MovedClock();
let app: AuthRig;
let other: RunningService;
let cards = 0;
beforeAll(async () => {
  app = await AuthRig.start({}, clock);
  const config = app.rig.running.get<ConfigOf<typeof configShape>>(CONFIG);
  other = await runService({ ...authService(config), clock });
});
afterAll(async () => {
  await other.close();
  await app.close();
});

async function newCard(over: Record<string, unknown> = {}): Promise<string> {
  const value = `04EE${String(++cards).padStart(4, '0')}`;
  await app.importTokens([{ value, ...over }]);
  return value;
}

function starting(value: string, over: Partial<PresentedToken> = {}): PresentedToken {
  return {
    value,
    type: 'ISO14443',
    stationId: randomUUID(),
    evseNumber: 1,
    purpose: 'START',
    at: clock.now(),
    offline: false,
    decisionKey: randomUUID(),
    ocppMessageId: '',
    openSessionIds: [],
    contract: undefined,
    remoteStart: false,
    ...over,
  };
}

const startAt = (pod: RunningService, shown: PresentedToken) => pod.get(DecideToken).run(DEMO.tenant, shown);
const pods = () => [app.rig.running, other] as const;

async function statuses(shown: readonly PresentedToken[]): Promise<string[]> {
  const decided = await Promise.all(shown.map((one, i) => startAt(pods()[i % 2]!, one)));
  return decided.map(({ status }) => status);
}

describe('starts at the same moment with one token (T6)', () => {
  it('are accepted once, whatever pods decide about them', async () => {
    for (let round = 0; round < 8; round += 1) {
      const value = await newCard();
      const decided = await statuses(Array.from({ length: 6 }, () => starting(value)));
      expect(decided.filter((status) => status === 'ACCEPTED')).toHaveLength(1);
      expect(decided.filter((status) => status === 'CONCURRENT_TX')).toHaveLength(5);
    }
  });

  it('are accepted once in a transaction that they share, too', async () => {
    const values = await Promise.all(Array.from({ length: 4 }, () => newCard()));
    const shown = values.flatMap((value) => [starting(value), starting(value), starting(value)]);
    const decided = await Promise.all(shown.map((one) => startAt(app.rig.running, one)));
    for (const value of values) {
      const won = decided.filter(({ status }, i) => shown[i]!.value === value && status === 'ACCEPTED');
      expect(won).toHaveLength(1);
    }
  });

  it('at two EVSEs of one station are two; the same EVSE again is the same start', async () => {
    const value = await newCard();
    const stationId = randomUUID();
    const first = starting(value, { stationId });
    expect((await startAt(other, first)).status).toBe('ACCEPTED');
    expect((await startAt(app.rig.running, starting(value, { stationId }))).status).toBe('ACCEPTED');
    const atTwo = starting(value, { stationId, evseNumber: 2 });
    expect((await startAt(app.rig.running, atTwo)).status).toBe('CONCURRENT_TX');
    // Asked again, with the same key, the answer is the stored one.
    expect((await startAt(app.rig.running, atTwo)).status).toBe('CONCURRENT_TX');
    expect((await startAt(app.rig.running, first)).status).toBe('ACCEPTED');
  });

  it('are all accepted of a token for several uses, of others of its group, and of what began without us', async () => {
    const shared = await newCard({ allowConcurrent: true });
    expect(new Set(await statuses([starting(shared), starting(shared), starting(shared)]))).toEqual(
      new Set(['ACCEPTED']),
    );
    const mates = [await newCard({ groupId: 'G' }), await newCard({ groupId: 'G' })];
    expect(await statuses(mates.map((value) => starting(value)))).toEqual(['ACCEPTED', 'ACCEPTED']);
    const late = await newCard();
    const told = [starting(late, { offline: true }), starting(late, { offline: true })];
    expect(await statuses(told)).toEqual(['ACCEPTED', 'ACCEPTED']);
  });

  it('hold the token until sessions tells of the session, and not for long when none begins', async () => {
    const value = await newCard();
    const stationId = randomUUID();
    const { tokenId } = await startAt(other, starting(value, { stationId }));
    const elsewhere = async () =>
      (await app.decide(value, { purpose: Purpose.DECISION_PURPOSE_START, occurredAt: clock.now() })).status;
    expect(await elsewhere()).toBe(Status.DECISION_STATUS_CONCURRENT_TX);
    const session: sessions.SessionSnapshot = aSessionSnapshot({ tokenId, stationId, status: 'ENDED' });
    const about = { aggregateId: session.sessionId, version: 2, occurredAt: clock.now() };
    await app.rig.publish(events.sessionEnded, about, { session });
    await waitFor('the start is no longer held', async () => {
      const rows = await app.rig.sql('select 1 from token_start where token_id = $1', [tokenId]);
      return rows.length === 0;
    });
    expect(await elsewhere()).toBe(Status.DECISION_STATUS_ACCEPTED);
    const lost = await newCard();
    await startAt(other, starting(lost));
    expect((await startAt(app.rig.running, starting(lost))).status).toBe('CONCURRENT_TX');
    clock.forward(31_000);
    expect((await startAt(app.rig.running, starting(lost))).status).toBe('ACCEPTED');
  });
});
