import type { Clock } from '@kilowatch/kernel';
import type { Logger } from '@kilowatch/platform';
import type { GatewayConfig } from '../../config.js';
import type { UploadDoor } from '../http/upload-door.js';
import { AddressCounter } from './address-counter.js';
import type { PortKind } from './charger-port.js';
import { OcppServer } from './ocpp-server.js';
import { TlsFiles } from './tls-files.js';
import { tlsOptions } from './tls-options.js';
import type { UpgradeDoor } from './upgrade-door.js';

/** All ports of this process: one door, one count of connections by address, one set of certificates. */
export class ChargerPorts {
  private readonly servers = new Map<PortKind, OcppServer>();
  private readonly bound = new Map<PortKind, number>();
  private readonly addresses: AddressCounter;
  private readonly files: TlsFiles;

  constructor(
    private readonly config: GatewayConfig,
    private readonly door: UpgradeDoor,
    private readonly uploads: UploadDoor,
    clock: Clock,
    private readonly log: Logger,
  ) {
    this.addresses = new AddressCounter(config.KW_OCPP_MAX_SOCKETS_PER_IP);
    this.files = new TlsFiles(config, clock, log);
  }

  /** 0: it is not open. */
  portOf(kind: PortKind): number {
    return this.bound.get(kind) ?? 0;
  }

  async open(): Promise<void> {
    await this.openTls();
    const port = { kind: 'plain', forwardedHops: this.config.KW_OCPP_FORWARDED_HOPS } as const;
    const server = new OcppServer(port, this.door, this.uploads, this.addresses, this.log);
    await this.listen('plain', server, this.config.KW_OCPP_PORT);
  }

  async close(): Promise<void> {
    this.files.stop();
    await Promise.all([...this.servers.values()].map((server) => server.close()));
  }

  private async openTls(): Promise<void> {
    const { config } = this;
    const wanted = (
      [
        ['tls', config.KW_OCPP_TLS_PORT],
        ['mtls', config.KW_OCPP_MTLS_PORT],
        ['legacy_tls', config.KW_OCPP_LEGACY_TLS_PORT],
      ] as const
    ).flatMap(([kind, port]) => (port === undefined ? [] : [{ kind, port }]));
    if (wanted.length === 0) return;
    const material = await this.files.load();
    const handshakeTimeout = config.KW_OCPP_TLS_HANDSHAKE_SECONDS * 1000;
    for (const { kind, port } of wanted) {
      const tls = { ...tlsOptions(kind, material), handshakeTimeout };
      const facts = { kind, forwardedHops: 0 };
      await this.listen(
        kind,
        new OcppServer(facts, this.door, this.uploads, this.addresses, this.log, tls),
        port,
      );
    }
    if (config.KW_OCPP_LEGACY_TLS_PORT !== undefined)
      this.log.warn(
        "TLS 1.0 and 1.1 are served: broken by today's measure, for chargers that know nothing else",
      );
    this.files.watch((changed) => {
      for (const { kind } of wanted) this.servers.get(kind)?.renew(tlsOptions(kind, changed));
    });
  }

  private async listen(kind: PortKind, server: OcppServer, port: number): Promise<void> {
    this.servers.set(kind, server);
    this.bound.set(kind, await server.listen(this.config.KW_BIND_HOST, port));
  }
}
