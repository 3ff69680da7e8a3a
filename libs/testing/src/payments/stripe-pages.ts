import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StripeLedger } from './stripe-ledger.js';
import { parseForm, refused, type CardBehaviour } from './stripe-objects.js';

/** A Checkout Session in setup mode, as far as a client reads it. */
export interface FakePage {
  readonly id: string;
  readonly object: 'checkout.session';
  readonly mode: 'setup';
  readonly customer: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly setup_intent: string;
  readonly success_url: string;
  readonly cancel_url: string;
  status: 'open' | 'complete' | 'expired';
  /** Null once it is over. */
  url: string | null;
}

/** What is typed in, after Stripe's own test numbers. Any other is good. */
const NUMBERS: Readonly<Record<string, CardBehaviour | 'declined'>> = {
  '4000000000000002': 'declined',
  '4000000000000341': 'insufficient_funds',
  '4000002500003155': 'asks_holder',
};

const PATH = '/pay/';
type Params = Readonly<Record<string, unknown>>;

/** The pages of a pretended Stripe on which people save a card: served to browsers, or used by a test as a visitor would. */
export class StripePages {
  readonly all = new Map<string, FakePage>();

  /** @param origin of the server, once it listens */
  constructor(
    private readonly ledger: StripeLedger,
    private readonly origin: () => string,
  ) {}

  create(params: Params): FakePage {
    const { mode, success_url: done, cancel_url: left, customer, metadata, setup_intent_data: data } = params;
    if (mode !== 'setup') throw refused('mode_not_played');
    if (!isAddress(done) || !isAddress(left)) throw refused('url_invalid');
    const setup = this.ledger.createSetup({ customer, ...(data as Params | undefined) });
    const id = `cs_test_${setup.id.replace('seti_', '')}`;
    const page: FakePage = {
      ...{ id, object: 'checkout.session', mode, customer: setup.customer, setup_intent: setup.id },
      ...{ metadata: { ...(metadata as Record<string, string>) }, success_url: done, cancel_url: left },
      ...{ status: 'open', url: `${this.origin()}${PATH}${id}` },
    };
    this.all.set(id, page);
    return page;
  }

  /** As `retrieve` tells it. */
  read(id: string, params: Params): object {
    const page = this.ledger.known(this.all, id);
    const expand = Object.values((params['expand'] as Record<string, string> | undefined) ?? {});
    if (!expand.includes('setup_intent')) return page;
    return { ...page, setup_intent: this.ledger.known(this.ledger.setups, page.setup_intent) };
  }

  /** A visitor types a card in: it is declined and the page stays, or saved and the page is over. Once more changes nothing. */
  submit(id: string, number = '4242424242424242'): 'declined' | 'saved' | 'expired' {
    const page = this.ledger.known(this.all, id);
    if (page.status === 'expired') return 'expired';
    if (page.status === 'complete') return 'saved';
    const behaviour = NUMBERS[number] ?? 'good';
    if (behaviour === 'declined') {
      const setup = this.ledger.known(this.ledger.setups, page.setup_intent);
      this.ledger.announce('setup_intent.setup_failed', setup);
      return 'declined';
    }
    page.status = 'complete';
    page.url = null;
    this.ledger.confirmSetup(page.setup_intent, behaviour, number.slice(-4));
    this.ledger.announce('checkout.session.completed', page);
    return 'saved';
  }

  /** A day went by. */
  expire(id: string): void {
    const page = this.ledger.known(this.all, id);
    page.status = 'expired';
    page.url = null;
    this.ledger.announce('checkout.session.expired', page);
  }

  /** A browser's visit; false: another address. */
  serve(request: IncomingMessage, path: string, body: string, response: ServerResponse): boolean {
    if (path === '/favicon.ico') {
      // Browsers ask by themselves, and complain where it is refused.
      response.writeHead(204).end();
      return true;
    }
    const page = path.startsWith(PATH) ? this.all.get(path.slice(PATH.length)) : undefined;
    if (!page) return false;
    const number = parseForm(body)['number'];
    const outcome =
      request.method === 'POST' ? this.submit(page.id, String(number).replaceAll(/\D/g, '')) : undefined;
    if (outcome === 'saved') response.writeHead(303, { location: page.success_url }).end();
    else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html(page, outcome));
    return true;
  }
}

function isAddress(text: unknown): text is string {
  return typeof text === 'string' && /^https?:\/\//.test(text) && URL.canParse(text);
}

function html({ status, cancel_url: back }: FakePage, outcome: string | undefined): string {
  const problem = outcome === 'declined' ? '<p role="alert">Your card was declined.</p>' : '';
  const form = `${problem}<form method="post">
      <label>Card number <input name="number" inputmode="numeric" autocomplete="off" required></label>
      <button>Save card</button>
    </form>`;
  const text = status === 'open' ? form : '<p>This page is no longer good.</p>';
  return `<!doctype html><html lang="en"><title>Save a card</title>
    <body><h1>Save a card</h1><p>A pretended payment provider: 4242 4242 4242 4242 is saved, 4000 0000 0000 0002 declined.</p>
    ${text}<p><a href="${back.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">Back</a></p></body></html>`;
}
