import { waitFor } from '@kilowatch/testing';
import { consumerLag } from '../system/consumer-lag.js';
import { deadLetters, quietSystem } from '../system/quiet-system.js';
import { lostEffects, storedReadings } from './deep-books.js';
import { brokenBooks } from './money-books.js';
import { audit, readBooks, type Books } from './session-book.js';
import type { Stage } from './stage.js';

/** docs/promises.md P6: when a fault is over, the system is quiet within this time. */
const QUIET_MS = 60_000;

export interface JudgeOptions {
  /** Default 60 s. */
  readonly quietMs?: number;
  /** Dead letters that the fault itself put there, by a part of their line. */
  readonly expected?: (deadLetter: string) => boolean;
}

/**
 * The fault is over and every session has ended: the chargers get rid of what they hold, then books and ledgers must agree
 * and the system be quiet within 60 s. Judges P1 (nothing refused, given up or lost), P2 (energy and bill), P3 (every event has its
 * effect with each consumer), P4 (the ledger, numbers and invoices fit together) and P6 (quiet, nothing set aside).
 */
export async function judgeBooks(stage: Stage, options: JudgeOptions = {}): Promise<void> {
  const { quietMs = QUIET_MS, expected = () => false } = options;
  const { databaseUrl, natsUrl } = stage.system.addresses;
  const began = performance.now();
  const left = () => Math.max(1_000, quietMs - (performance.now() - began));
  const delivered = await fulfilled(
    waitFor('the chargers to be rid of their messages', () => waiting(stage) === 0, { timeoutMs: left() }),
  );
  stage.judge('P6', delivered ? [] : [`${waiting(stage)} messages still wait in the chargers`]);
  const { problems, books } = await settledAudit(stage, left());
  stage.judge('P2', problems);
  const drained = await fulfilled(quietSystem(databaseUrl, left()));
  stage.judge('P6', drained ? [] : ['outboxes are not empty']);
  stage.judge('P6', await lagThatStays(natsUrl, left()));
  stage.judge(
    'P6',
    (await deadLetters(databaseUrl)).filter((line) => !expected(line)),
  );
  const ledger = stage.ledger();
  stage.judge('P1', [
    ...stage.members.flatMap(({ wire }) => wire.refusals),
    ...ledger.flatMap(({ identity, lostMessages }) =>
      lostMessages.map(({ action, error }) => `${identity} gave up ${action}: ${error}`),
    ),
    ...(await storedReadings(databaseUrl, ledger)),
  ]);
  stage.judge('P3', await lostEffects(databaseUrl));
  stage.judge('P4', await brokenBooks(databaseUrl));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  stage.say(`ledger: ${ledgerLine(stage)}`);
  stage.say(`books:  ${booksLine(books)}, quiet after ${seconds} s`);
}

async function lagThatStays(natsUrl: string, timeoutMs: number): Promise<string[]> {
  let lag = ['NATS cannot be asked'];
  const look = async () => {
    lag = await consumerLag(natsUrl);
    return lag.length === 0;
  };
  await fulfilled(waitFor('consumers to be through', look, { timeoutMs, everyMs: 250 }));
  return lag;
}

const waiting = (stage: Stage) => stage.members.reduce((sum, { charger }) => sum + charger.queuedMessages, 0);

/** The differences that remain once the system had time to become quiet. */
async function settledAudit(
  stage: Stage,
  timeoutMs: number,
): Promise<{ problems: string[]; books: Books | undefined }> {
  let problems = ['the books could not be read'];
  let books: Books | undefined;
  const look = async () => {
    books = await readBooks(stage.people.operator);
    problems = audit(stage.ledger(), books);
    return problems.length === 0;
  };
  await fulfilled(waitFor('books and ledgers to agree', look, { timeoutMs, everyMs: 500 }));
  return { problems, books };
}

function fulfilled(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

function ledgerLine(stage: Stage): string {
  const ledger = stage.ledger();
  const sum = (value: (entry: (typeof ledger)[number]) => number) =>
    ledger.reduce((total, entry) => total + value(entry), 0);
  const kWh = (sum((entry) => entry.energyMwh ?? 0) / 1e6).toFixed(6);
  const answered = sum((entry) => entry.acknowledgedMessages);
  return `${ledger.length} sessions, ${kWh} kWh, ${answered} messages answered`;
}

function booksLine(books: Books | undefined): string {
  if (!books) return 'could not be read';
  const wh = books.sessions.reduce((total, { energyWh }) => total + (energyWh ?? 0), 0);
  const owed = books.invoices.reduce((total, { totalInclVat }) => total + Number(totalInclVat.amount), 0);
  const kWh = (wh / 1e3).toFixed(6);
  return `${books.sessions.length} sessions, ${kWh} kWh, ${books.invoices.length} invoices of ${owed.toFixed(2)}`;
}
