import { Injectable, Inject } from '@nestjs/common';
import { precondition, rateLimited, unavailable } from '@kilowatch/kernel';
import { CONFIG, EgressPolicy, guardedFetch, type ConfigOf } from '@kilowatch/platform';
import type { configShape } from '../../config.js';
import type { Stretch } from '../../domain/feeds/curve.js';
import { feedPath, readFeed, type DeliveryDay, type FeedKey } from '../../domain/feeds/price-feed.js';

export type FeedAnswer =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'prices'; readonly curve: Stretch[]; readonly etag: string | undefined };

const TIMEOUT_MS = 15_000;
/** A day of quarter hours of ENTSO-E with several series is some 100 KiB. */
const MAX_BYTES = 2 * 1024 * 1024;

/** Asks the sources of prices, each at the address the configuration has for it. */
@Injectable()
export class FeedClient {
  constructor(@Inject(CONFIG) private readonly config: ConfigOf<typeof configShape>) {}

  /**
   * The prices of one day. `etag`: what we have is what the source calls this; it may say that nothing changed. Throws AppError: those of
   * `guardedFetch`, INVALID for what cannot be read, UNAVAILABLE and RATE_LIMITED by the status, PRECONDITION for a source not set up.
   */
  async ask(key: FeedKey, currency: string, day: DeliveryDay, etag: string | undefined): Promise<FeedAnswer> {
    const base = this.addressOf(key);
    const response = await guardedFetch(`${base}${feedPath(key, currency, day)}${this.tokenOf(key)}`, {
      hosts: [new URL(base).host],
      egress: EgressPolicy.parse(this.config.KW_EGRESS_ALLOW),
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      headers: {
        accept: key.source === 'ENTSOE' ? 'application/xml' : 'application/json',
        ...(etag === undefined ? {} : { 'if-none-match': etag }),
      },
    });
    const { status } = response;
    if (status === 304) return { kind: 'unchanged' };
    // Nord Pool: nothing to say of that day yet.
    if (status === 204) return { kind: 'prices', curve: [], etag: undefined };
    if (status === 429)
      throw rateLimited('BILLING_FEED_TOO_OFTEN', 'The price feed wants to be asked less often.');
    if (status === 401 || status === 403)
      throw precondition('BILLING_FEED_REFUSED', 'The price feed refuses us: check its token.', { status });
    if (status !== 200)
      throw unavailable('BILLING_FEED_AWAY', `The price feed answered with status ${status}.`, { status });
    const named = response.headers.etag;
    return { kind: 'prices', curve: readFeed(key, currency, response), etag: named };
  }

  private addressOf({ source, area }: FeedKey): string {
    switch (source) {
      case 'ENTSOE':
        return this.config.KW_ENTSOE_URL;
      case 'AWATTAR':
        return this.config.KW_AWATTAR_URL.replace('{area}', area.toLowerCase());
      case 'OCTOPUS':
        return this.config.KW_OCTOPUS_URL;
      case 'NORD_POOL':
        return this.config.KW_NORD_POOL_URL;
    }
  }

  private tokenOf({ source }: FeedKey): string {
    if (source !== 'ENTSOE') return '';
    const token = this.config.KW_ENTSOE_TOKEN;
    if (!token) throw precondition('BILLING_FEED_TOKEN', 'ENTSO-E needs a token: set KW_ENTSOE_TOKEN.');
    return `&securityToken=${encodeURIComponent(token.reveal())}`;
  }
}
