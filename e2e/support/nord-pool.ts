// Nord Pool's data portal on loopback: one price in every hour of an area, or none.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const HOUR_MS = 3_600_000;

export interface PlayedNordPool {
  readonly url: string;
  /** Areas and days that were asked for: `NO1 2026-12-01`. */
  readonly asked: readonly string[];
  close(): void;
}

/** `prices`: per MWh, by area; an area without one is sold nothing. */
export async function playNordPool(prices: Readonly<Record<string, number>>): Promise<PlayedNordPool> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const [area, date] = [searchParams.get('deliveryArea') ?? '', searchParams.get('date') ?? ''];
    asked.push(`${area} ${date}`);
    const price = prices[area];
    // More than the day of any zone: what is beyond belongs to its neighbours, with the same price.
    const from = Date.parse(`${date}T00:00:00Z`) - 3 * HOUR_MS;
    const hours = price === undefined ? [] : Array.from({ length: 30 }, (_, hour) => from + hour * HOUR_MS);
    const body = {
      deliveryDateCET: date,
      currency: 'EUR',
      multiAreaEntries: hours.map((start) => ({
        deliveryStart: new Date(start).toISOString(),
        deliveryEnd: new Date(start + HOUR_MS).toISOString(),
        entryPerArea: { [area]: price },
      })),
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
