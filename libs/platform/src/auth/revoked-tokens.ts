import { createHash } from 'node:crypto';
import { z } from 'zod';
import { counter } from '../trace/metrics.js';

/** So long a token goes on counting after its sign-in was ended, at most. */
const FRESH_MS = 5_000;
const TIMEOUT_MS = 1_000;
const MAX_BYTES = 4 * 1024 * 1024;

const answer = z.object({ revoked: z.array(z.string().max(64)) });

/** How a sign-in, a machine client, or whom `externalName` names stands in the list: whoever reads it learns no ids. */
export function revokedName(id: string): string {
  return createHash('sha256').update(`revoked|${id}`).digest('base64url').slice(0, 22);
}

/** Somebody whom another issuer vouches for: the same account id in each tenant, and switched off in one of them. */
export function externalName(tenant: string, accountId: string): string {
  return `${tenant}|${accountId}`;
}

/** Beside the key set of our own issuer. */
export function revokedUrl(jwksUrl: string): URL {
  return new URL('revoked.json', jwksUrl);
}

/**
 * Sign-ins and machine clients that were ended while tokens of theirs may still be out, and people of other issuers, which go on making
 * tokens, that are switched off here. Read anew at most every five seconds, and only while somebody asks. Auth being away makes nobody's
 * token bad: then the last list counts; a process that has read none yet, because auth was away since it began, refuses nobody.
 */
export class RevokedTokens {
  private held: ReadonlySet<string> = new Set();
  private readAt = -Infinity;
  private reading: Promise<void> | undefined;

  constructor(
    private readonly url: URL,
    /** Milliseconds of a clock that does not go back. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  async has(id: string): Promise<boolean> {
    if (this.now() - this.readAt >= FRESH_MS) await (this.reading ??= this.read());
    return this.held.has(revokedName(id));
  }

  private async read(): Promise<void> {
    try {
      const response = await fetch(this.url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
      const text = await response.text();
      if (!response.ok || text.length > MAX_BYTES) throw new Error(`HTTP ${response.status}`);
      this.held = new Set(answer.parse(JSON.parse(text)).revoked);
    } catch {
      counter('kw_auth_revoked_list_failures_total').inc();
    } finally {
      this.readAt = this.now();
      this.reading = undefined;
    }
  }
}
