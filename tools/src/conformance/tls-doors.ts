import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { freePort } from '@kilowatch/testing';
import { TestCa } from '@kilowatch/testing/test-pki';
import { DEMO_ORGANISATION } from '../system/demo-organisation.js';

/** The TLS ports of the gateway under test, and who signs what. */
export class TlsDoors {
  private constructor(
    /** What the gateway needs to open them. */
    readonly gatewayEnv: Readonly<Record<string, string>>,
    readonly passwordUrl: string,
    readonly certificateUrl: string,
    private readonly server: TestCa,
    private readonly stations: TestCa,
    private readonly strangers: TestCa,
  ) {}

  /** `folder`: where their keys may lie. */
  static async make(folder: string): Promise<TlsDoors> {
    const [server, stations, strangers] = await Promise.all(
      ['Conformance server', 'Conformance stations', 'Somebody else'].map((name) => TestCa.make(name)),
    );
    const [password, certificate] = [await freePort(), await freePort()];
    const { cert, key } = await server!.issue({ name: 'gateway', usage: 'server' });
    mkdirSync(folder, { recursive: true });
    const file = (name: string, text: string): string => {
      const path = join(folder, name);
      writeFileSync(path, text, { mode: 0o600 });
      return path;
    };
    const env = {
      KW_OCPP_TLS_PORT: String(password),
      KW_OCPP_MTLS_PORT: String(certificate),
      KW_OCPP_TLS_CERT_FILE: file('server.crt', cert),
      KW_OCPP_TLS_KEY_FILE: file('server.key', key),
      KW_OCPP_STATION_CA_FILE: file('stations.crt', stations!.pem),
    };
    const url = (port: number) => `wss://127.0.0.1:${port}/ocpp`;
    return new TlsDoors(env, url(password), url(certificate), server!, stations!, strangers!);
  }

  /** Root of the server of the suite, PEM. */
  get serverRoot(): string {
    return this.server.pem;
  }

  /** What auth tells stations that are upgraded. */
  get authEnv(): Readonly<Record<string, string>> {
    return { KW_OCPP_TLS_URL: this.passwordUrl, KW_OCPP_MTLS_URL: this.certificateUrl };
  }

  /** Trusts the server of the suite. */
  trusting(over: ConnectionOptions = {}): ConnectionOptions {
    return { ca: this.server.pem, ...over };
  }

  /** A station's own certificate, by our CA or by somebody else's. */
  async showing(
    name: string,
    by: 'us' | 'strangers' = 'us',
    days?: { from: number; to: number },
  ): Promise<ConnectionOptions> {
    const ca = by === 'us' ? this.stations : this.strangers;
    return this.trusting(
      await ca.issue({ name: name.includes('=') ? name : `O=${DEMO_ORGANISATION}, CN=${name}`, ...days }),
    );
  }
}
