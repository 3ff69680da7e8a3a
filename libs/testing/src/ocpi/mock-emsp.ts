import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';

export interface OcpiAnswer {
  readonly http: number;
  readonly headers: Headers;
  readonly body: { data?: unknown; status_code: number; status_message?: string; timestamp: string };
}

const base64 = (token: string) => Buffer.from(token, 'utf8').toString('base64');

/** An eMSP of our own on loopback: registers as sender and as receiver, and pulls. It checks the tokens it is shown. */
export class MockEmsp {
  /** What it expects from the other side now, and what it presents. */
  readonly tokenA = `mock-token-a-${randomUUID()}`;
  tokenForUs: string | undefined;
  tokenForThem = '';
  theirs: { versionsUrl: string; endpoints: { identifier: string; role: string; url: string }[] } = {
    versionsUrl: '',
    endpoints: [],
  };
  versions = ['2.1.1', '2.2.1'];
  modules = ['credentials', 'tokens'];
  /** Takes the token only as it is, like peers of 2.1.1 days. */
  wantsRaw = false;
  /** Answers POST and PUT credentials with this instead. */
  refuseWith: number | undefined;
  /** Takes new credentials and hangs up: its answer gets lost. */
  losesAnswer = false;
  /** Runs inside GET versions, before its answer. */
  duringVersions: () => Promise<void> = async () => {};
  /** Runs inside POST and PUT credentials with the new token and before its answer. */
  duringPost: (token: string) => Promise<void> = async () => {};
  readonly requests: { method: string; path: string; headers: IncomingMessage['headers'] }[] = [];

  private constructor(
    private readonly server: Server,
    readonly base: string,
  ) {}

  static async start(): Promise<MockEmsp> {
    const holder: { mock?: MockEmsp } = {};
    const server = createServer((request, response) => {
      holder.mock!.serve(request, response).catch((error: unknown) => {
        response.statusCode = 500;
        response.end(String(error));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    holder.mock = new MockEmsp(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return holder.mock;
  }

  get versionsUrl(): string {
    return `${this.base}/versions`;
  }

  credentials(token: string): object {
    const business_details = { name: 'Mock Mobility' };
    return {
      token,
      url: this.versionsUrl,
      roles: [{ role: 'EMSP', party_id: 'MOC', country_code: 'DE', business_details }],
    };
  }

  /** Any request to the other side, with the ids OCPI wants. */
  async send(
    method: string,
    url: string,
    options: { token?: string; raw?: boolean; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<OcpiAnswer> {
    const token = options.token ?? this.tokenForThem;
    const response = await fetch(url, {
      method,
      headers: {
        ...(token ? { authorization: `Token ${options.raw ? token : base64(token)}` } : {}),
        'x-request-id': randomUUID(),
        'x-correlation-id': randomUUID(),
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body === undefined
        ? {}
        : { body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) }),
    });
    return {
      http: response.status,
      headers: response.headers,
      body: (await response.json()) as OcpiAnswer['body'],
    };
  }

  /** The handshake as sender: versions, details, POST. Each answer is handed to `seen`. */
  async register(
    versionsUrl: string,
    tokenA: string,
    seen: (schema: string, answer: OcpiAnswer) => void,
  ): Promise<OcpiAnswer> {
    const versions = await this.send('GET', versionsUrl, { token: tokenA });
    seen('VersionListResponse', versions);
    const list = versions.body.data as { version: string; url: string }[];
    const details = await this.send('GET', list.find(({ version }) => version === '2.2.1')!.url, {
      token: tokenA,
    });
    seen('VersionDetailsResponse', details);
    this.theirs = {
      versionsUrl,
      endpoints: (details.body.data as { endpoints: MockEmsp['theirs']['endpoints'] }).endpoints,
    };
    this.tokenForUs = `mock-token-b-${randomUUID()}`;
    const answer = await this.send('POST', this.endpoint('credentials'), {
      token: tokenA,
      body: this.credentials(this.tokenForUs),
    });
    if (answer.body.status_code === 1000) this.tokenForThem = (answer.body.data as { token: string }).token;
    return answer;
  }

  endpoint(module: string): string {
    return this.theirs.endpoints.find(({ identifier }) => identifier === module)!.url;
  }

  /** Follows Link to the end, as a client must. */
  async pull(
    url: string,
    seen: (answer: OcpiAnswer) => void,
  ): Promise<{ objects: Record<string, unknown>[]; pages: number }> {
    const objects: Record<string, unknown>[] = [];
    let next: string | undefined = url;
    let pages = 0;
    for (; next !== undefined && pages < 50; pages += 1) {
      const answer: OcpiAnswer = await this.send('GET', next);
      seen(answer);
      objects.push(...(answer.body.data as Record<string, unknown>[]));
      next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
    }
    return { objects, pages };
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    this.requests.push({ method: request.method ?? '', path, headers: request.headers });
    const say = (http: number, status_code: number, data?: unknown) => {
      response.statusCode = http;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data, status_code, timestamp: new Date().toISOString() }));
    };
    const shown = (request.headers.authorization ?? '').replace(/^Token /, '');
    const isShown = (token: string | undefined) =>
      token !== undefined && shown === (this.wantsRaw ? token : base64(token));
    if (!isShown(this.tokenA) && !isShown(this.tokenForUs)) return say(401, 2000);
    if (path === '/versions') await this.duringVersions();
    if (path === '/versions')
      return say(
        200,
        1000,
        this.versions.map((version) => ({ version, url: `${this.base}/${version}` })),
      );
    if (path === '/2.2.1') {
      const endpoints = this.modules.map((identifier) => ({
        identifier,
        role: 'RECEIVER',
        url: `${this.base}/2.2.1/${identifier}`,
      }));
      return say(200, 1000, { version: '2.2.1', endpoints });
    }
    if (path !== '/2.2.1/credentials') return say(404, 2000);
    if (request.method === 'DELETE') {
      this.tokenForUs = undefined;
      return say(200, 1000);
    }
    // Who is registered uses PUT, who is not POST.
    if (isShown(this.tokenForUs) !== (request.method === 'PUT')) return say(405, 2000);
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { token: string; url: string };
    await this.duringPost(body.token);
    if (this.refuseWith !== undefined) return say(200, this.refuseWith);
    this.tokenForThem = body.token;
    this.tokenForUs = `mock-token-c-${randomUUID()}`;
    if (this.losesAnswer) return void request.socket.destroy();
    return say(200, 1000, this.credentials(this.tokenForUs));
  }
}
