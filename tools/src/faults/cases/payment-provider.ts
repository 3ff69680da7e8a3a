import { freePort, SimulatedTime, waitFor } from '@kilowatch/testing';
import { StripeServer, type StripeTrouble } from '@kilowatch/testing/payments';
import { query } from '../deep-books.js';
import type { Fault, OpenedFault } from '../fault.js';
import { judgeBooks } from '../judge-books.js';
import type { Stage } from '../stage.js';

/** Longer than the pauses between questions that stay without an answer, three of them. */
const RECONCILED_WITHIN_MS = 150_000;
const HALF_AN_HOUR_MS = 1_800_000;
/** A reading a second. */
const SPEED = 60;
const AT_START: readonly StripeTrouble[] = ['cut-after', 'error-before', 'cut-before', 'busy', 'error-after'];
const AT_END: readonly StripeTrouble[] = [
  'cut-after',
  'wrong-amount',
  'error-after',
  'cut-before',
  'error-before',
];

/**
 * Fault 21: the payment provider loses answers before and after their effect, takes another sum, its cardholders charge back, and its webhooks come twice, late,
 * backwards.
 */
export const PAYMENT_PROVIDER: Fault = {
  name: 'payment-provider',
  number: 21,
  what: 'the payment provider loses answers after taking money, takes too much, is charged back, and tells everything twice and backwards',
  promises: ['P1', 'P2', 'P3', 'P4', 'P6'],
  chargers: 10,
  open,
  play: () => Promise.reject(new Error('this fault is opened first')),
};

async function open(): Promise<OpenedFault> {
  const [stripe, webhookPort] = await Promise.all([StripeServer.start(), freePort()]);
  stripe.webhookUrl = `http://127.0.0.1:${webhookPort}/webhooks/stripe`;
  const billing = {
    KW_PAYMENTS: 'stripe',
    KW_STRIPE_URL: stripe.url,
    KW_STRIPE_SECRET_KEY: stripe.secretKey,
    KW_STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
    KW_EGRESS_ALLOW: stripe.host,
    KW_WEBHOOK_PORT: String(webhookPort),
  };
  return {
    system: { extraEnv: { billing } },
    play: (stage) => play(stage, stripe),
    close: () => stripe.close(),
  };
}

async function play(stage: Stage, stripe: StripeServer): Promise<void> {
  await saveCard(stage, stripe);
  stripe.webhooks = 'held';
  stripe.misbehave('create', ...AT_START);
  // What a card gave is watched by the hour: cars that charge in the past would have used it up.
  const time = new SimulatedTime({ start: new Date(Date.now() - HALF_AN_HOUR_MS), speed: SPEED });
  const fleet = await stage.fleet(stage.chargers, { time });
  const running = await stage.charging(fleet);
  await stripe.release((events) => events.toReversed().flatMap((event) => [event, event]));
  await stage.readings(running, 2);
  stripe.misbehave('capture', ...AT_END);
  stripe.webhooks = 'held';
  stage.endAll(fleet);
  await stage.delivered();
  await stripe.release((events) => events.toReversed());
  stripe.webhooks = 'twice';
  await judgeBooks(stage);
  stage.judge('P4', await reconciled(stage, stripe));
  await chargeBack(stripe);
  await judgeBooks(stage);
  stage.judge('P4', await reconciled(stage, stripe));
  const { captured, refunded, disputed, fees, payments } = stripe.books();
  const kept = ((captured - refunded - disputed - fees) / 100).toFixed(2);
  stage.say(
    `${payments.length} payments at the provider, ${kept} held for us, ${stripe.events.length} events`,
  );
  stage.judge('P4', payments.length < running.length ? ['not every session was paid by card'] : []);
}

/** Two of the payments are charged back, one of which is won; all of it is told twice and backwards. */
async function chargeBack(stripe: StripeServer): Promise<void> {
  const taken = stripe.books().payments.filter(({ captured, refunded }) => captured > refunded);
  stripe.webhooks = 'held';
  taken.slice(0, 2).forEach(({ id }, index) => {
    const { id: ref } = stripe.ledger.disputes.open(id);
    stripe.ledger.disputes.submitEvidence(ref);
    stripe.ledger.disputes.decide(ref, index === 0 ? 'won' : 'lost');
  });
  await stripe.release((events) => events.toReversed().flatMap((event) => [event, event]));
  stripe.webhooks = 'twice';
}

/** The driver of all cards of the fleet pays by card, as the app would have it. */
async function saveCard(stage: Stage, stripe: StripeServer): Promise<void> {
  const { driver } = stage.people;
  const { setUpCard } = await driver.request<{ setUpCard: { clientSecret: string } }>(
    'mutation($key: String!) { setUpCard(input: { idempotencyKey: $key }) { clientSecret } }',
    { key: stage.random.uuid() },
  );
  stripe.ledger.confirmSetup(setUpCard.clientSecret.split('_secret_')[0]!);
  await waitFor('the card to be known', async () => {
    const { paymentCards } = await driver.request<{ paymentCards: { cards: unknown[] } }>(
      '{ paymentCards { cards { id } } }',
    );
    return paymentCards.cards.length > 0;
  });
  await driver.request('mutation { choosePaymentMethod(input: { method: CARD }) { cards { method } } }');
}

/** What still differs once the provider had time to be asked. */
async function reconciled(stage: Stage, stripe: StripeServer): Promise<string[]> {
  let problems: string[] = [];
  const agree = async () => {
    problems = await differences(stage.system.addresses.databaseUrl, stripe);
    return problems.length === 0;
  };
  await waitFor('both books to agree', agree, { timeoutMs: RECONCILED_WITHIN_MS, everyMs: 500 }).catch(
    () => false,
  );
  return problems;
}

/** The provider's books beside ours, read from the tables and judged apart from the code that wrote them; sums in cents. */
async function differences(databaseUrl: string, stripe: StripeServer): Promise<string[]> {
  const cents = (text: string | null | undefined) => Math.round(Number(text ?? 0) * 100);
  const { captured, refunded, disputed, fees, reserved, payments } = stripe.books();
  const problems: string[] = [];
  const same = (what: string, ours: number, theirs: number) => {
    if (ours !== theirs) problems.push(`${what}: ours ${ours}, theirs ${theirs}`);
  };
  const [unbalanced] = await query<{ n: number }>(
    databaseUrl,
    `select count(*)::int as n from (select 1 from billing.ledger_entry group by tenant, posting_id, currency
      having sum(amount) <> 0) as p`,
  );
  same('bookings that do not sum to zero', unbalanced?.n ?? 0, 0);
  const sums = await query<{ account: string; sum: string }>(
    databaseUrl,
    `select split_part(account, ':', 1) as account, sum(amount)::text as sum from billing.ledger_entry group by 1`,
  );
  const balance = (account: string) => cents(sums.find((one) => one.account === account)?.sum);
  same('held by the provider', balance('clearing'), captured - refunded - disputed - fees);
  same('kept by the provider', balance('fees'), fees);
  same('on its way back to cards', balance('refund'), 0);
  same('still reserved', reserved, 0);
  const paid = await query<{
    number: string;
    status: string;
    method: string | null;
    total: string;
    taken: string;
    back: string;
  }>(
    databaseUrl,
    `select i.number, i.status, i.payment_method as method, i.total_incl::text as total,
        (select coalesce(sum(p.captured - p.refunded), 0)::text from billing.payment p
          where p.tenant = i.tenant and p.session_id = i.session_id) as taken,
        (select coalesce(sum(c.withdrawn), 0)::text from billing.chargeback c
          where c.tenant = i.tenant and c.session_id = i.session_id) as back
      from billing.invoice i where i.kind = 'INVOICE'`,
  );
  let lost = 0;
  for (const { number, status, method, total, taken, back } of paid) {
    lost += cents(back);
    // What a bank took back is owed again, and the wallet pays it if it can.
    const isRight = cents(back) > 0 ? status === 'OPEN' || method === 'WALLET' : status === 'PAID';
    if (!isRight) problems.push(`${number} is ${status}`);
    same(`${number} paid`, cents(taken), cents(total));
  }
  same('taken back by banks', lost, disputed);
  const ours = await query<{ id: string; captured: string }>(
    databaseUrl,
    'select id, captured::text from billing.payment where provider_ref is not null',
  );
  const known = new Map(ours.map(({ id, captured: sum }) => [id, cents(sum)]));
  const owners = payments.map(({ owner }) => owner);
  for (const [index, { owner, captured: sum }] of payments.entries()) {
    same(`payment ${owner}`, known.get(owner) ?? -1, sum);
    if (owners.indexOf(owner) !== index) problems.push(`payment ${owner} was made twice`);
  }
  return problems;
}
