import { isAppError } from '@kilowatch/kernel';
import { guardedFetch, type EgressPolicy, type GuardedResponse } from '@kilowatch/platform';
import Stripe from 'stripe';

const METHODS = ['GET', 'POST', 'DELETE'] as const;
const MAX_BYTES = 2 * 1024 * 1024;

/** What the SDK of Stripe sends goes out by the one guarded way (libs/platform http-out), and nowhere but to its own host. */
export class GuardedHttpClient extends Stripe.HttpClient {
  constructor(
    private readonly hosts: readonly string[],
    private readonly egress: EgressPolicy,
  ) {
    super();
  }

  override getClientName(): string {
    return 'guarded';
  }

  override async makeRequest(
    ...[host, port, path, method, headers, body, protocol, timeoutMs]: Parameters<
      Stripe.HttpClient['makeRequest']
    >
  ): Promise<GuardedHttpResponse> {
    const known = METHODS.find((one) => one === method);
    if (!known) throw new Error('unexpected HTTP method');
    try {
      const response = await guardedFetch(`${protocol}://${host}:${port}${path}`, {
        hosts: this.hosts,
        egress: this.egress,
        method: known,
        headers: textOf(headers),
        ...(known === 'POST' ? { body: body ?? '' } : {}),
        timeoutMs,
        maxBytes: MAX_BYTES,
      });
      return new GuardedHttpResponse(response);
    } catch (error) {
      // The SDK tells connection trouble by the code of the error; what was refused by policy never left.
      if (isAppError(error) && error.kind === 'TIMEOUT') throw Stripe.HttpClient.makeTimeoutError();
      throw error;
    }
  }
}

class GuardedHttpResponse extends Stripe.HttpClientResponse {
  constructor(private readonly response: GuardedResponse) {
    super(response.status, singleValues(response.headers));
  }

  override getRawResponse(): GuardedResponse {
    return this.response;
  }

  override toStream(): never {
    throw new Error('answers are not streamed');
  }

  override toJSON(): Promise<unknown> {
    return Promise.resolve(this._parseResponseBody(this.response.text()));
  }
}

function textOf(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const told = Object.entries(headers).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(told.map(([name, value]) => [name, String(value)]));
}

function singleValues(headers: GuardedResponse['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}
