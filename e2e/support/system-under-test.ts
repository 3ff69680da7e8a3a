import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GraphqlClient } from '@kilowatch/tools/client/graphql-client';
import { seedDemo, type SeededDemo } from '@kilowatch/tools/seed/seed-demo';
import { systemOptionsFrom } from '@kilowatch/tools/system/command-line';
import { startSystem, type System } from '@kilowatch/tools/system/start-system';
import type { SystemOptions } from '@kilowatch/tools/system/system-options';
import { importPKCS8, SignJWT } from 'jose';

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

  /** A signed-in client with claims of our choice, signed with the system's own key: for tenants that have no accounts. */
  async clientAs(claims: {
    accountId: string;
    tenant: string;
    role: string;
    expiresIn?: string;
  }): Promise<GraphqlClient> {
    const { signingKeyPem } = JSON.parse(readFileSync(join(this.dataDir, 'secrets.json'), 'utf8')) as {
      signingKeyPem: string;
    };
    const token = await new SignJWT({ tenant: claims.tenant, role: claims.role })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: await this.keyId() })
      .setIssuer('https://kilowatch.local')
      .setAudience('kilowatch')
      .setSubject(claims.accountId)
      .setIssuedAt()
      .setExpirationTime(claims.expiresIn ?? '10m')
      .sign(await importPKCS8(signingKeyPem, 'ES256'));
    return new GraphqlClient(this.system.graphqlUrl, token);
  }

  async stop(): Promise<void> {
    for (const client of Object.values(this.people)) await client.close();
    await this.system.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private async keyId(): Promise<string> {
    const url = `http://127.0.0.1:${this.system.addresses.http['auth']}/.well-known/jwks.json`;
    const keys = (await (await fetch(url)).json()) as { keys: { kid: string }[] };
    return keys.keys[0]!.kid;
  }
}
