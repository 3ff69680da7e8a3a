import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { precondition, type Clock } from '@kilowatch/kernel';
import { fileOfSetting, gauge, type Logger } from '@kilowatch/platform';
import type { GatewayConfig } from '../../config.js';
import { chainProblems } from '../../domain/certificate-chain.js';
import { daysToWarnOf } from '../../domain/certificate-expiry.js';
import type { TlsMaterial } from './tls-options.js';

const DAY_MS = 86_400_000;
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

type Setting =
  | 'KW_OCPP_TLS_CERT'
  | 'KW_OCPP_TLS_KEY'
  | 'KW_OCPP_TLS_RSA_CERT'
  | 'KW_OCPP_TLS_RSA_KEY'
  | 'KW_OCPP_STATION_CA';

/**
 * Certificates and keys of the TLS ports. Those that stand in files are read again every now and then, so that a renewed
 * certificate needs no restart; what does not fit together (half a renewal) is left where it is, and the former stays in use.
 */
export class TlsFiles {
  private held: TlsMaterial | undefined;
  private timer: NodeJS.Timeout | undefined;
  private rejected = '';
  private warnedAt = 0;

  constructor(
    private readonly config: GatewayConfig,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** Throws when the ports could not work with what is configured. */
  async load(): Promise<TlsMaterial> {
    const material = await this.checked();
    this.take(material);
    return material;
  }

  watch(changed: (material: TlsMaterial) => void): void {
    this.timer = setInterval(() => void this.look(changed), this.config.KW_OCPP_TLS_RELOAD_SECONDS * 1000);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async look(changed: (material: TlsMaterial) => void): Promise<void> {
    try {
      const material = await this.checked();
      this.rejected = '';
      if (JSON.stringify(material) === JSON.stringify(this.held)) return;
      this.take(material);
      changed(material);
      this.log.info('certificates of the TLS ports renewed');
    } catch (err) {
      const message = (err as Error).message;
      if (message !== this.rejected) this.log.error({ err }, 'new certificates do not work, the former stay');
      this.rejected = message;
    }
  }

  private async checked(): Promise<TlsMaterial> {
    const material = await this.read();
    createSecureContext({ cert: material.cert, key: material.key });
    if (material.stationCa !== '' && certificatesIn(material.stationCa).length === 0)
      throw precondition('OCPP_STATION_CA', 'There are no certificates in KW_OCPP_STATION_CA.');
    this.measure(material);
    return material;
  }

  /** Stations judge the chain by what they hold: what they cannot follow works here all the same, and is only said. */
  private take(material: TlsMaterial): void {
    this.held = material;
    for (const pem of material.cert) {
      const chain = certificatesIn(pem).map(({ subject, issuer }) => ({
        subject: oneLine(subject),
        issuer: oneLine(issuer),
      }));
      const problems = chainProblems(chain, this.config.KW_OCPP_TLS_ROOT);
      if (problems.length > 0)
        this.log.warn({ problems }, 'stations may not follow the chain of a certificate');
    }
  }

  private async read(): Promise<TlsMaterial> {
    const pairs = [
      [await this.text('KW_OCPP_TLS_CERT'), await this.text('KW_OCPP_TLS_KEY')],
      [await this.text('KW_OCPP_TLS_RSA_CERT'), await this.text('KW_OCPP_TLS_RSA_KEY')],
    ].filter(([cert, key]) => cert !== '' || key !== '');
    if (pairs.length === 0)
      throw precondition('OCPP_TLS_CERT', 'A TLS port needs KW_OCPP_TLS_CERT and KW_OCPP_TLS_KEY.');
    return {
      cert: pairs.map(([cert]) => cert!),
      key: pairs.map(([, key]) => key!),
      stationCa: await this.text('KW_OCPP_STATION_CA'),
    };
  }

  private async text(setting: Setting): Promise<string> {
    const file = fileOfSetting(this.config, setting);
    if (file !== undefined) return readFile(file, 'utf8');
    const value = this.config[setting];
    return typeof value === 'string' ? value : (value?.reveal() ?? '');
  }

  /** The first end of each chain or bundle; said in the log once a day when it is near. */
  private measure({ cert, stationCa }: TlsMaterial): void {
    const now = this.clock.now();
    const isTime = now.getTime() - this.warnedAt >= DAY_MS;
    if (isTime) this.warnedAt = now.getTime();
    for (const [certificate, pem] of [
      ['server', cert[0] ?? ''],
      ['server_rsa', cert[1] ?? ''],
      ['station_ca', stationCa],
    ] as const) {
      const ends = certificatesIn(pem).map(({ validTo }) => Date.parse(validTo));
      if (ends.length === 0) continue;
      const expiresAt = new Date(Math.min(...ends));
      gauge('kw_ocpp_certificate_expires_timestamp_seconds').set({ certificate }, expiresAt.getTime() / 1000);
      const days = daysToWarnOf(expiresAt, now);
      if (isTime && days !== undefined)
        this.log.warn({ certificate, expiresAt, days }, 'a certificate of the TLS ports expires');
    }
  }
}

/** `C=NL, O=Example, CN=Root`. */
function oneLine(name: string): string {
  return name.replaceAll('\n', ', ');
}

function certificatesIn(pem: string): X509Certificate[] {
  return (pem.match(PEM) ?? []).map((text) => new X509Certificate(text));
}
