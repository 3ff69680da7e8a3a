// Real: Postgres (own role, row-level security), NATS JetStream, HTTP. Sessions and metering are played by the rig.
import { randomUUID } from 'node:crypto';
import { metering } from '@kilowatch/contracts';
import { waitFor } from '@kilowatch/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditBooks } from './book-audit.js';
import { aCharge, aDriver, anOperator, BillingRig, type Charge } from './billing-rig.js';

let fleet: BillingRig;

beforeAll(async () => {
  fleet = await BillingRig.start();
});
afterAll(() => fleet.close());

const amounts = fc.integer({ min: 0, max: 800 }).map((cents) => (cents / 100).toFixed(2));
const energies = fc.integer({ min: 0, max: 30_000 });
const changes = fc.oneof(
  fc.constant({ correction: 'AS_MEASURED' }),
  fc.constant({ correction: 'WAIVE' }),
  energies.map((energyWh) => ({ correction: 'ENERGY', energyWh })),
  amounts.map((totalInclVat) => ({ correction: 'AMOUNT', totalInclVat })),
);
const which = fc.nat(7);
const steps = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('charge' as const), which }) },
  fc.record({ do: fc.constant('held' as const), which, energyWh: energies }),
  fc.record({ do: fc.constant('topUp' as const), which, amount: amounts }),
  fc.record({ do: fc.constant('transfer' as const), which }),
  fc.record({ do: fc.constant('monthOver' as const), which }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('correct' as const), which, change: changes }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('dispute' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      which,
      change: fc.option(changes, { nil: undefined }),
    }),
  },
);
type Step = typeof steps extends fc.Arbitrary<infer S> ? S : never;

/** Refusals are part of a history: what is not possible then changes nothing. */
const REFUSALS = new Set(['CONFLICT', 'FAILED_PRECONDITION', 'BAD_USER_INPUT', 'NOT_FOUND']);

class History {
  private readonly tenant = `history-${randomUUID().slice(0, 8)}`;
  private readonly operator = anOperator(this.tenant);
  private readonly drivers = [aDriver(this.tenant), aDriver(this.tenant)];
  private readonly charges: Charge[] = [];
  done = 0;

  async begin(): Promise<void> {
    await fleet.applyTariff('STD', { idleGraceMinutes: 10 }, this.operator);
    await fleet.monthly(this.drivers[1]!, {}, this.operator);
  }

  audit = () => auditBooks(fleet, this.tenant);

  async take(step: Step): Promise<void> {
    const driver = this.drivers[step.which % this.drivers.length]!;
    if (step.do === 'charge' || step.do === 'held') {
      const charge = aCharge(driver);
      this.charges.push(charge);
      return step.do === 'charge' ? fleet.whole(charge) : this.held(charge, step.energyWh);
    }
    if (step.do === 'monthOver') return fleet.monthOver(driver);
    if (step.do === 'topUp') {
      const { codes } = await fleet.topUp(driver, step.amount, {}, this.operator);
      return this.judge(codes);
    }
    const charge = this.charges[step.which % Math.max(1, this.charges.length)];
    if (!charge) return;
    const { sessionId } = charge;
    if (step.do === 'transfer') return this.transfer(sessionId);
    if (step.do === 'correct')
      return this.mutate('correctBill', { sessionId, reason: 'because', ...step.change });
    if (step.do === 'dispute') {
      return this.mutate('openDispute', { sessionId, reason: 'OTHER', text: 'Wrong.' }, charge);
    }
    const [open] = await this.rows<{ id: string }>(
      "select id from dispute where session_id = $1 and state = 'OPEN'",
      sessionId,
    );
    const decision = step.change ? { decision: 'ACCEPT', ...step.change } : { decision: 'REJECT' };
    await this.mutate('decideDispute', {
      disputeId: open?.id ?? randomUUID(),
      answer: 'So be it.',
      ...decision,
    });
  }

  private async held(charge: Charge, energyWh: number): Promise<void> {
    const options = { tenant: this.tenant };
    await fleet.started(charge, {}, options);
    await fleet.ended(charge, {}, options);
    await fleet.metered(charge, { verdict: metering.EnergyVerdict.ENERGY_VERDICT_DISPUTED }, options);
    await waitFor('the hold', async () => (await fleet.see(charge, 'billingHold'))?.billingHold);
    const { sessionId } = charge;
    await this.mutate('decideHold', { sessionId, decision: 'BILL_ENERGY', energyWh, reason: 'because' });
  }

  private async transfer(sessionId: string): Promise<void> {
    const [invoice] = await this.rows<{ id: string }>(
      `select i.id from invoice i join invoiced_cdr o on o.invoice_id = i.id
        where o.session_id = $1 and i.kind = 'INVOICE' order by i.id desc limit 1`,
      sessionId,
    );
    if (invoice) await this.mutate('recordTransfer', { invoiceId: invoice.id, reference: 'bank' });
  }

  private async mutate(name: string, input: Record<string, unknown>, charge?: Charge): Promise<void> {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const { codes } = await fleet.rig.graphql(
      charge?.driver ?? this.operator,
      `mutation($input: ${type}!) { ${name}(input: $input) { __typename } }`,
      { input: { ...input, idempotencyKey: randomUUID() } },
    );
    this.judge(codes);
  }

  private judge(codes: readonly string[]): void {
    expect(codes.filter((code) => !REFUSALS.has(code))).toEqual([]);
    if (codes.length === 0) this.done += 1;
  }

  private rows<T>(text: string, sessionId: string): Promise<T[]> {
    return fleet.rig.sql<T>(text, [sessionId], this.tenant);
  }
}

it('after any history every posting sums to zero, numbers have no gaps, and each document is computed again to the cent', async () => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 6, maxLength: 16 }), async (history) => {
      const books = new History();
      await books.begin();
      for (const step of history) await books.take(step);
      expect(await books.audit()).toEqual([]);
      taken += books.done;
    }),
    { numRuns: 25, endOnFailure: true },
  );
  // Not nearly all of a history may be refusals, or nothing is shown. How many are is chance: 59 steps were taken once.
  expect(taken).toBeGreaterThan(30);
}, 120_000);
