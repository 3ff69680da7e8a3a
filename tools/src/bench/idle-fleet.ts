// Chargers that are connected and say nothing, in a process of their own: node idle-fleet.js URL IDENTITY...COUNT as lines on stdin.
import { createInterface } from 'node:readline';
import { LoadCharger } from './load-charger.js';

/** Less than the gateway lets in a second: refusals are not what is measured. */
const SIDE_BY_SIDE = 20;

const [url] = process.argv.slice(2);
const open: LoadCharger[] = [];

async function join(identities: readonly string[]): Promise<void> {
  const waiting = [...identities];
  const hand = async () => {
    for (let identity = waiting.shift(); identity !== undefined; identity = waiting.shift()) {
      const charger = new LoadCharger(
        `${url}/${identity}`,
        { version: '2.0.1', token: '', meterMessages: 0 },
        () => undefined,
      );
      open.push(charger);
      await charger.connect();
      await charger.boot();
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, hand));
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    join(JSON.parse(line) as string[]).then(
      () => process.stdout.write(`${open.length}\n`),
      (error: unknown) => {
        process.stderr.write(`idle fleet: ${String(error)}\n`);
        process.exit(1);
      },
    );
  })
  .once('close', () => process.exit(0));
