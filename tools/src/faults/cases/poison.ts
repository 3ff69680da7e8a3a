import { billing, events } from '@kilowatch/contracts';
import { waitFor } from '@kilowatch/testing';
import { DeadLetterBox } from '../../dead-letters/dead-letter-box.js';
import { deadLetters } from '../../system/quiet-system.js';
import { DEMO_TENANT } from '../../system/system-options.js';
import { publish } from '../events-again.js';
import type { Fault } from '../fault.js';
import { judgeBooks } from '../judge-books.js';
import type { Stage } from '../stage.js';

/** Who listens to session_ended (ARCHITECTURE.md). */
const LISTENERS = 8;
const SET_ASIDE_WITHIN_MS = 60_000;

/** Fault 16: events that cannot be read, and one that can be read and always fails, in front of all others. */
export const POISON: Fault = {
  name: 'poison-event',
  number: 16,
  what: 'an event nobody can read and one that always fails: set aside, all others flow on',
  promises: ['P1', 'P2', 'P3', 'P6'],
  chargers: 50,
  // Eight deliveries take three minutes.
  system: { extraEnv: { notifications: { KW_INBOX_MAX_DELIVER: '4' } } },
  async play(stage) {
    const { databaseUrl, natsUrl } = stage.system.addresses;
    const fleet = await stage.fleet();
    await stage.charging(fleet);
    await publish(natsUrl, events.sessionEnded.subject(DEMO_TENANT), 'this is no event');
    await publish(natsUrl, events.invoiceIssued.subject(DEMO_TENANT), alwaysFailing(stage));
    stage.endAll(fleet);
    const wanted = LISTENERS + 1;
    const all = async () => (await deadLetters(databaseUrl)).length >= wanted;
    await waitFor('the poison to be set aside', all, { timeoutMs: SET_ASIDE_WITHIN_MS, everyMs: 250 }).catch(
      () => false,
    );
    const letters = await deadLetters(databaseUrl);
    const undecodable = letters.filter((line) => line.includes('EVENT_UNDECODABLE'));
    stage.judge('P3', [
      ...(undecodable.length === LISTENERS
        ? []
        : [`${undecodable.length} services set the unreadable event aside`]),
      ...(letters.length === wanted ? [] : [`${letters.length} dead letters: ${letters.join('; ')}`]),
    ]);
    stage.say(`${letters.length} dead letters`);
    await judgeBooks(stage, { expected: (line) => letters.includes(line) });
    stage.judge('P6', await discardAll(databaseUrl));
  },
};

/** Readable in every field; its session has no id that any table could hold. */
function alwaysFailing({ random }: Stage): Uint8Array {
  const invoiceId = random.uuid();
  return events.invoiceIssued.encode(
    billing.InvoiceIssued.create({
      meta: {
        eventId: random.uuid(),
        tenant: DEMO_TENANT,
        aggregateId: invoiceId,
        aggregateVersion: 1,
        occurredAt: new Date(),
        producer: 'billing',
      },
      invoiceId,
      number: 'POISON',
      accountId: random.uuid(),
      sessionId: 'no id',
      total: { amount: '1.00', currency: 'EUR' },
      issuedAt: new Date(),
    }),
  );
}

/** As an operator who has understood them; nothing is left for the next fault. */
async function discardAll(databaseUrl: string): Promise<string[]> {
  const box = await DeadLetterBox.open(databaseUrl);
  try {
    for (const letter of await box.list()) await box.discard(letter);
  } finally {
    await box.close();
  }
  return deadLetters(databaseUrl);
}
