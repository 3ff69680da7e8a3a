import { trustSimulatedPool } from '../seed/plug-and-charge.js';
import { importTokens, seedDemo } from '../seed/seed-demo.js';
import { interruption } from '../system/interruption.js';
import { runTool } from '../system/run-tool.js';
import type { System } from '../system/start-system.js';
import { withTemporarySystem } from '../system/temporary-system.js';
import { chargeOnce, type DemoVerdict } from './charge-once.js';
import { demoTariff } from './price-judge.js';
import { sparkline, Timeline } from './timeline.js';

const HELP = `Usage: npm run demo -- [OPTION...]
Charges at one 1.6 and two 2.0.1 chargers (by card, from the app, by plug and charge) on a system of its own, prints timeline and
invoices, and removes everything again. Exit code 0 only when all invoices equal what the meters and the tariff say.
  --log-level L   trace, debug, info, warn, error (default warn); shown when the demo fails
  --trace WHERE   file:<path> or otlp:<url>
  --data-dir DIR  keep Postgres, NATS and mails there
  --together      all services in one process
  --port N, --ocpp-port N, --ocpi-port N   instead of free ports`;

const SPEED = 360;

/** The main job once, on a system of its own that is gone afterwards. Exit 0 only if the invoices are right. */
async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const signal = interruption();
  const timeline = new Timeline((line) => {
    // What is cut short says no more.
    if (!signal.aborted) process.stdout.write(`${line}\n`);
  }, process.stdout.isTTY === true);
  timeline.say('system', 'starting Postgres, NATS and eleven services');
  try {
    const over = { contractPool: true };
    return await withTemporarySystem({ name: 'demo', fsync: false, signal, args, over }, (system) =>
      chargeThreeCars(system, timeline),
    );
  } finally {
    timeline.say('system', 'stopped and cleaned up');
  }
}

async function chargeThreeCars(system: System, timeline: Timeline): Promise<number> {
  const people = await seedDemo(system.graphqlUrl, demoTariff(new Date(), 'Europe/Amsterdam'));
  timeline.say('system', `ready: GraphQL ${system.graphqlUrl}, OCPP ${system.ocppUrl}; demo data seeded`);
  await trustSimulatedPool(system);
  const common = { ocppUrl: system.ocppUrl, timeline, speed: SPEED };
  const verdicts = await Promise.all([
    chargeOnce({
      ...common,
      version: '1.6',
      identity: 'KW-DEMO-16',
      driver: people.driver,
      card: '04A1B2C3D4E5F6',
    }),
    chargeOnce({
      ...common,
      version: '2.0.1',
      identity: 'KW-DEMO-201',
      driver: people.secondDriver,
      card: undefined,
    }),
    chargeOnce({
      ...common,
      version: '2.0.1',
      identity: 'KW-SQUARE-2',
      driver: people.driver,
      card: undefined,
      contract: {
        sign: async (emaid) => {
          const token = { value: emaid, type: 'eMAID', accountEmail: 'driver@kilowatch.local' };
          await importTokens(people.operator, [token]);
        },
      },
    }),
  ]);
  for (const client of [people.driver, people.secondDriver, people.operator]) await client.close();
  verdicts.forEach(printReceipt);
  const wrong = verdicts.flatMap((verdict) => verdict.problems);
  for (const text of wrong) process.stdout.write(`WRONG: ${text}\n`);
  if (wrong.length === 0) timeline.say('system', 'all invoices equal what the meters and the tariff say');
  return wrong.length === 0 ? 0 : 1;
}

function printReceipt({ receipt, ledger }: DemoVerdict): void {
  const line = (text = '') => process.stdout.write(`${text}\n`);
  line();
  line(
    `${receipt.station.identity}, ${receipt.station.location.name}: session of ${receipt.driver?.displayName ?? 'nobody'}`,
  );
  line(`  power    ${sparkline((receipt.powerCurve ?? []).map((point) => point.powerW))}`);
  line(
    `  energy   ${((receipt.energyWh ?? 0) / 1000).toFixed(3)} kWh (${receipt.energyStatus}; the charger's own meter: ${((ledger.energyMwh ?? 0) / 1_000_000).toFixed(3)} kWh)`,
  );
  line(
    `  tariff   ${receipt.quote?.tariffName} v${receipt.quote?.tariffVersion}, quote ${receipt.quote?.hash.slice(0, 12)}`,
  );
  for (const part of receipt.cost?.lines ?? []) {
    line(
      `  ${part.dimension.padEnd(14)} ${part.quantity.padStart(10)} ${part.unit.padEnd(8)} x ${part.unitPrice.padStart(6)}  ${part.inclVat.amount.padStart(8)} incl. VAT`,
    );
  }
  const { invoice } = receipt;
  line(
    `  invoice  ${invoice?.number}: ${invoice?.totalExclVat.amount} + VAT ${invoice?.totalVat.amount} = ${invoice?.totalInclVat.amount} ${invoice?.totalInclVat.currency}, ${invoice?.status} by ${invoice?.paymentMethod}`,
  );
  line(`  alerts   ${(receipt.alerts ?? []).map((alert) => alert.kind).join(', ')}`);
}

runTool(main);
