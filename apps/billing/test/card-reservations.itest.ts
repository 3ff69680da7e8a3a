// Real: billing with Postgres and NATS, the SDK of Stripe over HTTP to a pretended Stripe; sessions outlive what is reserved, or cost more.
import { events } from '@kilowatch/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '@kilowatch/testing';
import { aCharge, type Charge } from './billing-rig.js';
import { auditBooks } from './book-audit.js';
import { CardRig } from './card-rig.js';
import { PlayedCommands } from './played-commands.js';

let commands: PlayedCommands;
let rig: CardRig;
beforeAll(async () => {
  commands = await PlayedCommands.start();
  rig = await CardRig.start({ ...commands.env, KW_CARD_AUTHORISE_AMOUNT: '4.00' });
  await rig.fleet.applyTariff('std');
});
afterAll(async () => {
  await rig?.close();
  await commands?.close();
});
afterEach(async () => {
  await rig.stripe.delivered();
  await rig.until(
    'the books to agree',
    () => rig.judge(),
    (problems) => problems.length === 0,
  );
  expect(await auditBooks(rig.fleet, 'demo')).toEqual([]);
  // What nobody needs is reserved nowhere.
  await rig.until(
    'nothing to be reserved',
    () => Promise.resolve(rig.stripe.books().reserved),
    (reserved) => reserved === 0,
  );
});

const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000);

/** A session that runs on a card. */
async function running(): Promise<Charge> {
  const charge = aCharge(await rig.payer());
  await rig.fleet.started(charge);
  await rig.states(charge, 'AUTHORISED');
  return charge;
}

/** As if a week had gone by: what is reserved runs out in an hour. */
const aWeekLater = ({ sessionId }: Charge) =>
  rig.fleet.rig.sql(
    `update payment set created_at = now() - interval '167 hours', authorised_until = now() + interval '1 hour', due_at = now()
      where session_id = $1 and state = 'AUTHORISED'`,
    [sessionId],
  );

async function ends(charge: Charge): Promise<void> {
  await rig.fleet.ended(charge);
  await rig.fleet.metered(charge);
  await rig.paid(charge);
}

const cardLimit = async ({ sessionId }: Charge) => {
  const rows = await rig.fleet.rig.sql<{ card_limit: string | null }>(
    'select card_limit::text from session_fund where session_id = $1',
    [sessionId],
  );
  return rows[0]?.card_limit;
};

describe('what is reserved for a session that outlives it', () => {
  it('is reserved anew, and let go once the other is there; the bill is taken of that', async () => {
    const charge = await running();
    await aWeekLater(charge);
    await rig.states(charge, 'CANCELLED', 'AUTHORISED');
    expect(await cardLimit(charge)).toBe('400');
    await ends(charge);
    const [, second, rest] = await rig.states(charge, 'CANCELLED', 'CAPTURED', 'CAPTURED');
    expect([second!.captured.amount, rest!.purpose]).toEqual(['4.00', 'INVOICE']);
  });

  it('is reserved anew once, though answers are lost', async () => {
    const charge = await running();
    rig.stripe.misbehave('create', 'cut-after');
    rig.stripe.misbehave('cancel', 'cut-after');
    await aWeekLater(charge);
    await rig.states(charge, 'CANCELLED', 'AUTHORISED');
    await aWeekLater(charge);
    await rig.states(charge, 'CANCELLED', 'CANCELLED', 'AUTHORISED');
    await ends(charge);
  });

  it('is taken while it is there when the card gives no other: the session is stopped', async () => {
    const charge = await running();
    rig.stripe.misbehave('create', 'decline');
    await aWeekLater(charge);
    await rig.states(charge, 'AUTHORISED', 'DECLINED');
    await waitFor('the session to have nothing to live on', async () => (await cardLimit(charge)) === '0');
    await waitFor('the stop', () =>
      commands.sent.some((one) => one.stationId === charge.stationId && one.requestStop),
    );
    await ends(charge);
    const [first] = await rig.states(charge, 'CAPTURED', 'DECLINED', 'CAPTURED');
    expect(first!.captured.amount).toBe('4.00');
  });

  it('is taken while it is there when its driver has no card any more: the session is stopped', async () => {
    const driver = await rig.payer();
    const charge = aCharge(driver);
    await rig.fleet.started(charge);
    await rig.states(charge, 'AUTHORISED');
    const [card] = (await rig.cards(driver)).cards;
    const { codes } = await rig.fleet.rig.graphql(
      driver,
      'mutation($id: ID!) { removeCard(input: { cardId: $id }) { cards { method } } }',
      { id: card!.id },
    );
    expect(codes).toEqual([]);
    await aWeekLater(charge);
    await waitFor('the session to have nothing to live on', async () => (await cardLimit(charge)) === '0');
    await waitFor('the stop', () =>
      commands.sent.some((one) => one.stationId === charge.stationId && one.requestStop),
    );
    await rig.fleet.ended(charge);
    await rig.fleet.metered(charge);
    const [first] = await rig.states(charge, 'CAPTURED');
    expect(first!.captured.amount).toBe('4.00');
  });

  it('is looked at when a webhook told of it without its end', async () => {
    const charge = await running();
    const untilOf = async () => {
      const [row] = await rig.fleet.rig.sql<{ authorised_until: Date | null }>(
        'select authorised_until from payment where session_id = $1',
        [charge.sessionId],
      );
      return row!.authorised_until;
    };
    await rig.fleet.rig.sql(
      'update payment set authorised_until = null, due_at = now() where session_id = $1',
      [charge.sessionId],
    );
    await waitFor('its end', untilOf);
    await ends(charge);
  });

  it('is not reserved anew when the session is over and waits for its bill', async () => {
    const charge = await running();
    await rig.fleet.ended(charge);
    await waitFor('the end to be known', async () => {
      const rows = await rig.fleet.rig.sql<{ status: string }>(
        "select snapshot->>'status' as status from billed_session where session_id = $1",
        [charge.sessionId],
      );
      return rows[0]?.status === 'ENDED';
    });
    await aWeekLater(charge);
    await waitFor('the look', async () => {
      const rows = await rig.fleet.rig.sql<{ renewed: boolean }>(
        'select renewed from payment where session_id = $1',
        [charge.sessionId],
      );
      return rows[0]?.renewed;
    });
    await rig.states(charge, 'AUTHORISED');
    await rig.fleet.metered(charge);
    await rig.paid(charge);
  });

  it('that is out while the bill is made gives its part of it', async () => {
    const charge = await running();
    rig.stripe.misbehave('create', 'cut-after');
    rig.stripe.webhooks = 'lost';
    await aWeekLater(charge);
    await waitFor('the question', async () => (await rig.payments(charge)).length === 2);
    await ends(charge);
    rig.stripe.webhooks = 'now';
    const all = await rig.states(charge, 'CAPTURED', 'CAPTURED');
    const sum = all.reduce((total, { captured }) => total + Number(captured.amount), 0);
    expect(sum).toBeCloseTo(Number((await rig.invoice(charge))!.total), 2);
  });

  it('that the bill did not know of is let go', async () => {
    const charge = await running();
    rig.stripe.misbehave('create', 'cut-before');
    rig.stripe.webhooks = 'lost';
    await aWeekLater(charge);
    await waitFor('the question', async () => (await rig.payments(charge))[1]?.state === 'UNKNOWN');
    await rig.fleet.ended(charge);
    await rig.fleet.metered(charge);
    await rig.fleet.billed(charge);
    await rig.fleet.rig.sql("update payment set goal = null where session_id = $1 and state = 'UNKNOWN'", [
      charge.sessionId,
    ]);
    rig.stripe.webhooks = 'now';
    const all = await rig.states(charge, 'CAPTURED', 'CANCELLED', 'CAPTURED');
    expect(all.map(({ purpose }) => purpose)).toEqual(['SESSION', 'SESSION', 'INVOICE']);
    await rig.paid(charge);
  });
});

describe('a session that costs more than is reserved', () => {
  /** So that it has cost most of the 4.00 so far: 7 kWh. */
  async function nearlyUsed(charge: Charge): Promise<void> {
    rig.fleet.reading(charge, ago(600), 0);
    rig.fleet.reading(charge, ago(0), 7_000_000);
    await rig.fleet.rig.sql('update account_funds set look_at = to_timestamp(0) where account_id = $1', [
      charge.driver.accountId,
    ]);
  }
  async function runningLong(): Promise<Charge> {
    const charge = aCharge(await rig.payer());
    await rig.fleet.started(charge, { startedAt: ago(600), chargingState: 'CHARGING' });
    await rig.states(charge, 'AUTHORISED');
    return charge;
  }
  const lowTold = async ({ sessionId }: Charge) =>
    (await rig.fleet.rig.published(events.sessionMoneyLow)).filter((one) => one.sessionId === sessionId)
      .length;

  it('has as much again reserved beside it, and nobody is told that money is short', async () => {
    const charge = await runningLong();
    rig.stripe.misbehave('create', 'cut-after');
    await nearlyUsed(charge);
    await rig.states(charge, 'AUTHORISED', 'AUTHORISED');
    await waitFor('the limit', async () => (await cardLimit(charge)) === '800');
    expect(await lowTold(charge)).toBe(0);
    rig.stripe.misbehave('capture', 'cut-after', 'error-after');
    await ends(charge);
    const invoice = (await rig.invoice(charge))!;
    const [first, second] = await rig.states(charge, 'CAPTURED', 'CAPTURED');
    expect(first!.captured.amount).toBe('4.00');
    expect(Number(second!.captured.amount)).toBeCloseTo(Number(invoice.total) - 4, 2);
  });

  it('goes on with what it has when the card gives no more, and its driver is told', async () => {
    const charge = await runningLong();
    rig.stripe.misbehave('create', 'decline');
    await nearlyUsed(charge);
    await rig.states(charge, 'AUTHORISED', 'DECLINED');
    expect(await cardLimit(charge)).toBe('400');
    await waitFor('the word', async () => (await lowTold(charge)) === 1);
    await ends(charge);
    const [first, , rest] = await rig.states(charge, 'CAPTURED', 'DECLINED', 'CAPTURED');
    expect([first!.captured.amount, rest!.purpose]).toEqual(['4.00', 'INVOICE']);
  });
});
