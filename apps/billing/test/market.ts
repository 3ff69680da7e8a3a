// A market on loopback: answers as Nord Pool's data portal and ENTSO-E's web API are documented, and misbehaves on command.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decimal } from '@kilowatch/kernel';
import { deliveryDay, MARKET_ZONE, type DeliveryDay } from '../src/domain/feeds/price-feed.js';
import { aNordPoolDocument, anEntsoeDocument } from '../src/domain/feeds/feeds.builders.js';

export interface Asked {
  readonly date: string;
  readonly etag: string | undefined;
}

/** One answer; `usual` sends the prices of the day. */
export type Behaviour = (response: ServerResponse, usual: () => void, asked: Asked) => void;

/** Per MWh, by the hour of the delivery day. */
export type Prices = (hour: number, date: string) => number;

export class Market {
  readonly asked: (Asked & { readonly area: string })[] = [];
  private readonly behaviours = new Map<string, Behaviour[]>();
  private readonly prices = new Map<string, Prices>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {
    server.on('request', (request, response) => this.answer(request, response));
  }

  static async start(): Promise<Market> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Market(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  /** Of an area: 100.00 in every hour unless told otherwise. */
  sells(area: string, prices: Prices): void {
    this.prices.set(area, prices);
  }

  /** For the next requests of an area, one each; then it behaves again. */
  misbehaves(area: string, ...behaviours: Behaviour[]): void {
    this.behaviours.set(area, behaviours);
  }

  askedFor = (area: string) => this.asked.filter((one) => one.area === area);

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    const isEntsoe = pathname.startsWith('/entsoe');
    const area = searchParams.get(isEntsoe ? 'in_Domain' : 'deliveryArea') ?? '';
    const day = deliveryDay(
      isEntsoe ? instantOf(searchParams.get('periodStart')!) : noonOf(searchParams.get('date')!),
      MARKET_ZONE,
    );
    const asked = { date: day.date, etag: request.headers['if-none-match'] };
    this.asked.push({ ...asked, area });
    const usual = () => this.sell(response, { isEntsoe, area, day, asked });
    const behaviour = this.behaviours.get(area)?.shift();
    if (behaviour) behaviour(response, usual, asked);
    else usual();
  }

  private sell(
    response: ServerResponse,
    { isEntsoe, area, day, asked }: { isEntsoe: boolean; area: string; day: DeliveryDay; asked: Asked },
  ): void {
    const price = this.prices.get(area) ?? (() => 100);
    const hours = (day.to.getTime() - day.from.getTime()) / 3_600_000;
    const list = Array.from({ length: hours }, (_, hour) => price(hour, day.date));
    const body = isEntsoe
      ? anEntsoeDocument({
          start: day.from.toISOString(),
          end: day.to.toISOString(),
          resolution: 'PT60M',
          points: list.map((one, index): [number, string] => [index + 1, decimal(String(one)).toFixed(2)]),
        })
      : JSON.stringify({
          ...aNordPoolDocument(
            day.from,
            60,
            list.map((one): Record<string, number> => ({ [area]: one })),
          ),
          currency: 'EUR',
        });
    const etag = `"${body.length}-${list.reduce((sum, one) => sum * 7 + one, 0)}"`;
    if (asked.etag === etag) {
      response.writeHead(304, { etag }).end();
      return;
    }
    response.writeHead(200, { etag }).end(body);
  }
}

function instantOf(compact: string): Date {
  const [, date, month, day, hour, minute] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(compact)!;
  return new Date(`${date}-${month}-${day}T${hour}:${minute}:00Z`);
}

function noonOf(date: string): Date {
  return new Date(`${date}T12:00:00Z`);
}
