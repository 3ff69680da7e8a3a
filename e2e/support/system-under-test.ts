import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GraphqlClient } from '@kilowatch/tools/client/graphql-client';
import { seedDemo, type SeededDemo } from '@kilowatch/tools/seed/seed-demo';
import { systemOptionsFrom } from '@kilowatch/tools/system/command-line';
import { startSystem, type System } from '@kilowatch/tools/system/start-system';
import type { SystemOptions } from '@kilowatch/tools/system/system-options';
import { importPKCS8, SignJWT } from 'jose';

export interface Claims {
  readonly accountId: string;
  readonly tenant: string;
  readonly role: string;
  /** Of a machine client. */
  readonly scopes?: readonly string[];
  /** Of a partner: `DE*ABC`. */
  readonly party?: string;
  readonly expiresIn?: string;
}

/** The whole platform as processes on ports and data of its own, seeded with the demo data. */
export class SystemUnderTest {
  private constructor(
    readonly system: System,
    readonly people: SeededDemo,
    readonly log: string[],
    private readonly dataDir: string,
  ) {}

  static async start(
    over: Partial<SystemOptions> = {},
    tariff?: Record<string, unknown>,
  ): Promise<SystemUnderTest> {
    const dataDir = mkdtempSync(join(tmpdir(), 'kilowatch-e2e-'));
    const log: string[] = [];
    const options = systemOptionsFrom(
      ['--data-dir', dataDir, '--log-level', 'warn'],
      { ports: 'any', dataDir, fsync: false },
      (service, line) => log.push(`${service}: ${line}`),
    );
    const system = await startSystem({ ...options, restart: false, lateWindowSeconds: 3, ...over });
    try {
      return new SystemUnderTest(system, await seedDemo(system.graphqlUrl, tariff), log, dataDir);
    } catch (error) {
      await system.stop();
      throw new Error(`seeding failed:\n${log.slice(-20).join('\n')}`, { cause: error });
    }
  }

  /** A signed-in client with claims of our choice, for tenants that have no accounts. */
  async clientAs(claims: Claims): Promise<GraphqlClient> {
    return new GraphqlClient(this.system.graphqlUrl, await this.accessToken(claims));
  }

  /** An access token signed with the system's own key. */
  async accessToken(claims: Claims): Promise<string> {
    const { tenant, role, scopes = [], party } = claims;
    return new SignJWT({ tenant, role, scope: scopes.join(' '), ...(party ? { party } : {}) })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: await this.keyId() })
      .setIssuer('https://kilowatch.local')
      .setAudience('kilowatch')
      .setSubject(claims.accountId)
      .setIssuedAt()
      .setExpirationTime(claims.expiresIn ?? '10m')
      .sign(await importPKCS8(this.secrets().signingKeyPem, 'ES256'));
  }

  /** What services sign their calls to each other with. */
  serviceToken(service: string): Promise<string> {
    return new SignJWT()
      .setProtectedHeader({ alg: 'HS256', typ: 'kilowatch-service+jwt' })
      .setIssuer(service)
      .setAudience('kilowatch-internal')
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(new TextEncoder().encode(this.secrets().serviceSecret));
  }

  async stop(): Promise<void> {
    for (const client of Object.values(this.people)) await client.close();
    await this.system.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private secrets(): { signingKeyPem: string; serviceSecret: string } {
    return JSON.parse(readFileSync(join(this.dataDir, 'secrets.json'), 'utf8')) as {
      signingKeyPem: string;
      serviceSecret: string;
    };
  }

  private async keyId(): Promise<string> {
    const url = `http://127.0.0.1:${this.system.addresses.http['auth']}/.well-known/jwks.json`;
    const keys = (await (await fetch(url)).json()) as { keys: { kid: string }[] };
    return keys.keys[0]!.kid;
  }
}
