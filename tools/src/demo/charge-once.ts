import {
  authorizeContract,
  aVehicle,
  fetchContract,
  SimulatedTime,
  VirtualCharger,
  waitFor,
  type LedgerEntry,
} from '@kilowatch/testing';
import type { GraphqlClient } from '../client/graphql-client.js';
import { DEMO_STATION_PASSWORD } from '../seed/demo-data.js';
import * as documents from './documents.js';
import type { LiveSession, Receipt } from './documents.js';
import { expectedTotal } from './price-judge.js';
import type { Timeline } from './timeline.js';

/**
 * The charger's clock starts that long ago and runs fast. The session takes three of these hours: however slow the machine, the
 * clock never gets ahead of ours, where its times would rightly be corrected.
 */
const DEVICE_HOURS = 6;
const IDLE_MINUTES = 25;

export interface ChargeOnceOptions {
  readonly version: '1.6' | '2.0.1';
  readonly identity: string;
  readonly ocppUrl: string;
  readonly driver: GraphqlClient;
  readonly timeline: Timeline;
  readonly speed: number;
  /** The card presented at the charger; undefined = started from the app. */
  readonly card: string | undefined;
  /** In place of a card: the car fetches a contract (2.0.1) and shows it. `sign`: the contract becomes the driver's. */
  readonly contract?: { readonly sign: (emaid: string) => Promise<void> };
}

export interface DemoVerdict {
  readonly receipt: Receipt;
  readonly ledger: LedgerEntry;
  /** Empty = the invoice equals what meter and tariff say. */
  readonly problems: readonly string[];
}

/** One session from plug to paid invoice on one virtual charger, told on the timeline. */
export async function chargeOnce(options: ChargeOnceOptions): Promise<DemoVerdict> {
  const { version, driver, timeline } = options;
  const say = (text: string) => timeline.say(version, text);
  let fullAt: Date | undefined;
  const charger = new VirtualCharger({
    url: options.ocppUrl,
    identity: options.identity,
    password: DEMO_STATION_PASSWORD,
    version,
    meterIntervalMs: 60_000,
    time: new SimulatedTime({ start: new Date(Date.now() - DEVICE_HOURS * 3_600_000), speed: options.speed }),
    vehicle: aVehicle({ batteryWh: 24_000, socPercent: 45, maxPowerW: 11_000 }),
    onFrame: (direction, frame) => {
      if (direction === 'sent') fullAt ??= suspendedAt(frame);
    },
  });
  try {
    await charger.start();
    say(`${options.identity} connects, boots and is accepted`);
    const connectorId = await connectorOf(driver, options.identity);
    const quoteId = await askForQuote(driver, connectorId, say);
    charger.plugIn(1);
    if (options.contract) await startByContract(charger, options.contract.sign, say);
    else if (options.card) await startByCard(charger, options.card, say);
    else await startByApp(driver, connectorId, quoteId, say);
    const ledger = await waitFor('the charger to start', () => charger.ledger[0], { timeoutMs: 15_000 });
    const sessionId = await sessionOf(driver, options.identity);
    const live = watch(driver, sessionId, say);
    await waitFor('the car to be full', () => fullAt !== undefined, { timeoutMs: 120_000 });
    await alerted(driver, sessionId, 'FULLY_CHARGED', say);
    const leaveAt = new Date(fullAt!.getTime() + IDLE_MINUTES * 60_000);
    await waitFor('the driver to come back', () => charger.now() >= leaveAt, { timeoutMs: 60_000 });
    charger.end(1);
    charger.unplug(1);
    await charger.settled();
    say(`driver unplugs ${IDLE_MINUTES} minutes after full`);
    const receipt = await paidReceipt(driver, sessionId);
    live.stop();
    await driver.request(documents.RATE, { input: { sessionId, score: 5, text: 'Just works.' } });
    say(`invoice ${receipt.invoice?.number} is paid; the driver rates the session 5 of 5`);
    const problems = judge(receipt, ledger, fullAt);
    if (live.pushed() === 0) problems.push('the subscription pushed no live power, energy and cost');
    return { receipt, ledger, problems };
  } finally {
    await charger.shutdown();
  }
}

async function connectorOf(driver: GraphqlClient, identity: string): Promise<string> {
  const stations = await driver.request<{
    stations: { edges: { node: { identity: string; evses: { connectors: { id: string }[] }[] } }[] };
  }>(documents.CONNECTORS);
  const station = stations.stations.edges.find(({ node }) => node.identity === identity)?.node;
  const connector = station?.evses[0]?.connectors[0];
  if (!connector) throw new Error(`${identity} has no connector that drivers may see`);
  return connector.id;
}

async function askForQuote(
  driver: GraphqlClient,
  connectorId: string,
  say: (text: string) => void,
): Promise<string> {
  // The connector reaches billing as an event: ask again until it is known there.
  const quote = await waitFor(
    'a quote',
    async () => {
      const answer = await driver.answer<{
        createQuote: { quote: { id: string; tariffName: string; summary: string[] } };
      }>(documents.QUOTE, { input: { connectorId } });
      return answer.data?.createQuote.quote;
    },
    { timeoutMs: 15_000 },
  );
  say(`quote "${quote.tariffName}": ${quote.summary.join('; ')}`);
  return quote.id;
}

async function startByCard(
  charger: VirtualCharger,
  card: string,
  say: (text: string) => void,
): Promise<void> {
  const status = await charger.authorize(card);
  say(`card presented: ${status}`);
  if (status !== 'Accepted') throw new Error(`the card was refused: ${status}`);
  charger.begin(card, 1);
}

/** Plug and charge: the certificate from the pool, then the chain to the operator, who asks its responder. */
async function startByContract(
  charger: VirtualCharger,
  sign: (emaid: string) => Promise<void>,
  say: (text: string) => void,
): Promise<void> {
  const contract = await fetchContract(charger);
  say(`the car gets the contract ${contract.emaid} from the pool`);
  await sign(contract.emaid);
  const { status, certificateStatus } = await authorizeContract(charger, contract);
  say(
    `plug & charge: contract ${contract.emaid} shown with its chain: certificate ${certificateStatus}, ${status}`,
  );
  if (status !== 'Accepted' || certificateStatus !== 'Accepted')
    throw new Error(`the contract was refused: ${certificateStatus}, ${status}`);
  charger.begin({ value: contract.emaid, type: 'eMAID' }, 1);
}

async function startByApp(
  driver: GraphqlClient,
  connectorId: string,
  quoteId: string,
  say: (text: string) => void,
): Promise<void> {
  const { startSession } = await driver.request<{
    startSession: { __typename: string; reason?: string; message?: string };
  }>(documents.START, { input: { connectorId, quoteId } });
  if (startSession.__typename !== 'SessionRequested') {
    throw new Error(`the app could not start: ${startSession.reason} ${startSession.message}`);
  }
  say('started from the app with the quote the driver accepted');
}

async function sessionOf(driver: GraphqlClient, identity: string): Promise<string> {
  return waitFor(
    'the session in the API',
    async () => {
      const { sessions } = await driver.request<{
        sessions: { edges: { node: { id: string; state: string; station: { identity: string } } }[] };
      }>(documents.SESSIONS);
      return sessions.edges.find(({ node }) => node.state === 'ACTIVE' && node.station.identity === identity)
        ?.node.id;
    },
    { timeoutMs: 15_000 },
  );
}

interface Watched {
  readonly stop: () => void;
  /** Live figures the subscription pushed so far. */
  readonly pushed: () => number;
}

/** Prints a line each two seconds at most, from the subscription. */
function watch(driver: GraphqlClient, id: string, say: (text: string) => void): Watched {
  let printedAt = 0;
  let pushed = 0;
  const stop = driver.subscribe<{ sessionUpdated: LiveSession | null }>(
    documents.LIVE,
    { id },
    ({ sessionUpdated: live }) => {
      if (!live || live.state !== 'ACTIVE' || live.livePowerW === null) return;
      if (live.energyWh !== null && live.cost !== null) pushed++;
      if (Date.now() - printedAt < 2_000) return;
      printedAt = Date.now();
      const full =
        live.estimatedFullAt && live.lastReadingAt
          ? minutesBetween(live.lastReadingAt, live.estimatedFullAt)
          : '';
      const cost = live.cost ? `${live.cost.totalInclVat.amount} ${live.cost.totalInclVat.currency}` : '-';
      say(
        `live  ${(live.livePowerW / 1000).toFixed(1).padStart(4)} kW  ${((live.energyWh ?? 0) / 1000).toFixed(2).padStart(6)} kWh  ` +
          `${String(Math.round(live.socPercent ?? 0)).padStart(3)} %  ${cost}  ${full}`,
      );
    },
  );
  return { stop, pushed: () => pushed };
}

function minutesBetween(from: string, to: string): string {
  return `full in ${Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 60_000))} min`;
}

async function alerted(
  driver: GraphqlClient,
  sessionId: string,
  kind: string,
  say: (text: string) => void,
): Promise<void> {
  const alert = await waitFor(
    `the alert ${kind}`,
    async () => {
      const { session } = await driver.request<{
        session: { alerts: { kind: string; title: string }[] | null };
      }>(`query Alerts($id: ID!) { session(id: $id) { alerts { kind title } } }`, { id: sessionId });
      return session.alerts?.find((candidate) => candidate.kind === kind);
    },
    { timeoutMs: 15_000 },
  );
  say(`alert to the driver: ${alert.title}`);
}

async function paidReceipt(driver: GraphqlClient, id: string): Promise<Receipt> {
  return waitFor(
    'the paid invoice',
    async () => {
      const { session } = await driver.request<{ session: Receipt }>(documents.RECEIPT, { id });
      const told = session.alerts?.some((alert) => alert.kind === 'INVOICE_READY');
      return session.invoice?.status === 'PAID' && told ? session : undefined;
    },
    { timeoutMs: 30_000 },
  );
}

/** Device time of the frame that says the car takes no more, or undefined for any other frame. */
function suspendedAt(frame: readonly unknown[]): Date | undefined {
  const [type, , action, payload] = frame as [number, string, string, Record<string, unknown> | undefined];
  if (type !== 2 || !payload) return undefined;
  const state16 = action === 'StatusNotification' && payload['status'] === 'SuspendedEV';
  const info = payload['transactionInfo'] as { chargingState?: string } | undefined;
  const state201 = action === 'TransactionEvent' && info?.chargingState === 'SuspendedEV';
  return state16 || state201 ? new Date(String(payload['timestamp'])) : undefined;
}

function judge(receipt: Receipt, ledger: LedgerEntry, fullAt: Date | undefined): string[] {
  const problems: string[] = [];
  const energyWh = (ledger.energyMwh ?? -1) / 1000;
  if (receipt.energyWh !== energyWh)
    problems.push(`energy: charger ${energyWh} Wh, Kilowatch ${receipt.energyWh} Wh`);
  const expected = expectedTotal({
    energyMwh: ledger.energyMwh ?? 0,
    fullAt,
    endedAt: ledger.endedAt ?? new Date(0),
  }).toFixed(2);
  const billed = receipt.invoice?.totalInclVat.amount;
  if (billed !== expected) {
    const states = receipt.statePeriods.map((period) => `${period.state} from ${period.from}`).join(', ');
    problems.push(
      `invoice: meter and tariff say ${expected} (full at ${fullAt?.toISOString()}), billed ${billed} (${states})`,
    );
  }
  if (!receipt.cost?.final) problems.push('the cost is not final');
  if (ledger.lostMessages.length > 0) problems.push(`${ledger.lostMessages.length} messages were lost`);
  return problems;
}
