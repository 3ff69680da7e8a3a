import { createHmac, randomUUID } from 'node:crypto';
import { loopbackServer, type LoopbackServer } from '@kilowatch/testing/pki';
import { freePort } from '@kilowatch/testing';
import type { Canaries } from './canaries.js';
import type { TellingApi } from './telling-api.js';

/** Who is shown the key of our account at the payment provider, and says it back in its errors; it signs what it tells us. */
export class TalkativeProvider {
  /** How often it was shown the key. */
  private shown = 0;
  private web!: LoopbackServer;

  private constructor(
    private readonly secretKey: string,
    private readonly webhookSecret: string,
    private readonly webhookPort: number,
  ) {}

  static async start(canaries: Canaries): Promise<TalkativeProvider> {
    const key = canaries.token('secret key at the payment provider');
    const secret = canaries.token('signing secret of the payment provider');
    const provider = new TalkativeProvider(key, secret, await freePort());
    provider.web = await loopbackServer((request, _body, response) => {
      const said = request.headers.authorization ?? '';
      if (said.includes(key)) provider.shown += 1;
      const error = { type: 'invalid_request_error', code: said, message: `No such key: ${said}` };
      response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
    });
    return provider;
  }

  get billingEnv(): Record<string, string> {
    return {
      KW_PAYMENTS: 'stripe',
      KW_STRIPE_URL: this.web.url,
      KW_STRIPE_SECRET_KEY: this.secretKey,
      KW_STRIPE_WEBHOOK_SECRET: this.webhookSecret,
      KW_EGRESS_ALLOW: '127.0.0.1',
      KW_WEBHOOK_PORT: String(this.webhookPort),
    };
  }

  close(): Promise<void> {
    return this.web.close();
  }

  /** A card that cannot be saved; then webhooks: signed rightly, signed by who says the secret itself, and not at all. */
  async walk(api: TellingApi, driver: string): Promise<void> {
    const query = 'mutation($input: SetUpCardInput!) { setUpCard(input: $input) { clientSecret } }';
    const { errors } = await api.ask(query, { input: { idempotencyKey: randomUUID() } }, driver);
    if (errors.length === 0 || this.shown === 0) throw new Error('the payment provider was not asked');
    const object = { id: 'evt_canary', object: 'payment_intent' };
    const event = { id: object.id, object: 'event', type: 'customer.created', data: { object } };
    const body = JSON.stringify(event);
    const at = Math.floor(Date.now() / 1000);
    const signature = createHmac('sha256', this.webhookSecret).update(`${at}.${body}`).digest('hex');
    const taken = await this.post(api, body, `t=${at},v1=${signature}`);
    const refused = [
      await this.post(api, body, `t=${at},v1=${this.webhookSecret}`),
      await this.post(api, body, undefined),
    ];
    if (taken !== 200 || refused.some((status) => status < 400 || status > 499))
      throw new Error(`webhooks were answered ${taken} and ${refused.join()}`);
  }

  private async post(api: TellingApi, body: string, signature: string | undefined): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${this.webhookPort}/webhooks/stripe`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(signature === undefined ? {} : { 'stripe-signature': signature }),
      },
      body,
    });
    const text = await response.text();
    if (!response.ok) api.errors.push({ place: 'an answer to a webhook', text });
    return response.status;
  }
}
