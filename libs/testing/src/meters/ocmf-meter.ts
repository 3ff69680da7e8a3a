// A meter that signs its readings as OCMF does: for tests of whoever verifies them.
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

export interface OcmfCurve {
  /** As OCMF names it. */
  readonly name: string;
  /** As OpenSSL does. */
  readonly openssl: string;
  readonly hash?: 'SHA256' | 'SHA384' | 'SHA512';
}

/** Table 22 of OCMF, and two that newer meters use. */
export const OCMF_CURVES: readonly OcmfCurve[] = [
  { name: 'secp192k1', openssl: 'secp192k1' },
  { name: 'secp256k1', openssl: 'secp256k1' },
  { name: 'secp192r1', openssl: 'prime192v1' },
  { name: 'secp256r1', openssl: 'prime256v1' },
  { name: 'brainpool256r1', openssl: 'brainpoolP256r1' },
  { name: 'secp384r1', openssl: 'secp384r1' },
  { name: 'brainpool384r1', openssl: 'brainpoolP384r1' },
  { name: 'secp521r1', openssl: 'secp521r1', hash: 'SHA512' },
];

export interface OcmfReadingFields {
  readonly TM?: string;
  readonly TX?: string;
  readonly RV?: number | string;
  readonly RI?: string;
  readonly RU?: string;
  readonly EF?: string;
  readonly ST?: string;
}

export interface OcmfOptions {
  readonly page?: string;
  readonly serial?: string;
  /** Anything else of the payload. */
  readonly more?: Readonly<Record<string, unknown>>;
  readonly encoding?: 'hex' | 'base64';
  readonly bareSignature?: boolean;
  /** Leaves SA out: the reader has to know the default. */
  readonly withoutAlgorithm?: boolean;
  /** Spaces as a person would like them: they are signed, too. */
  readonly pretty?: boolean;
}

export class OcmfMeter {
  private page = 0;

  private constructor(
    readonly curve: OcmfCurve,
    readonly serial: string,
    private readonly privateKey: KeyObject,
    readonly publicKey: KeyObject,
  ) {}

  static make(curveName = 'secp256r1', serial = 'BQ27400330016'): OcmfMeter {
    const curve = OCMF_CURVES.find(({ name }) => name === curveName);
    if (!curve) throw new Error(`no curve ${curveName}`);
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve.openssl });
    return new OcmfMeter(curve, serial, privateKey, publicKey);
  }

  get pem(): string {
    return this.publicKey.export({ format: 'pem', type: 'spki' }).toString();
  }

  /** SubjectPublicKeyInfo, hexadecimal. */
  get spkiHex(): string {
    return this.publicKey.export({ format: 'der', type: 'spki' }).toString('hex');
  }

  /** The last part of it: 04, x and y. */
  get pointHex(): string {
    const coordinate = { secp192k1: 24, secp192r1: 24, secp384r1: 48, brainpool384r1: 48, secp521r1: 66 };
    const bytes = (coordinate as Record<string, number>)[this.curve.name] ?? 32;
    return this.spkiHex.slice(-2 * (1 + 2 * bytes));
  }

  /** OCPP's application note on signed meter values. */
  get ocaKey(): string {
    return Buffer.from(`oca:base16:asn1:${this.spkiHex}`).toString('base64');
  }

  /** A record of the next page. */
  record(readings: readonly OcmfReadingFields[], options: OcmfOptions = {}): string {
    this.page += 1;
    const fields = {
      FV: '1.0',
      GI: 'Kilowatch test meter',
      GS: '',
      PG: options.page ?? `T${this.page}`,
      MV: 'Example',
      MM: 'M1',
      MS: options.serial ?? this.serial,
      IS: true,
      IT: 'NONE',
      ...options.more,
      RD: readings.map((reading, index) => (index === 0 ? { ...FIRST, ...reading } : reading)),
    };
    const payload = JSON.stringify(fields, undefined, options.pretty ? 2 : undefined);
    return `OCMF|${payload}|${JSON.stringify(this.signature(payload, options))}`;
  }

  begin(kwh: number | string, at: Date, options: OcmfOptions = {}): string {
    return this.record([{ TX: 'B', RV: kwh, TM: ocmfTime(at) }], options);
  }

  end(kwh: number | string, at: Date, options: OcmfOptions = {}): string {
    return this.record([{ TX: 'E', RV: kwh, TM: ocmfTime(at) }], options);
  }

  private signature(payload: string, options: OcmfOptions) {
    const { encoding = 'hex', bareSignature = false, withoutAlgorithm = false } = options;
    const { name, hash = 'SHA256' } = this.curve;
    const dsaEncoding = bareSignature ? 'ieee-p1363' : 'der';
    const bytes = sign(hash.toLowerCase(), Buffer.from(payload, 'utf8'), {
      key: this.privateKey,
      dsaEncoding,
    });
    return {
      ...(withoutAlgorithm ? {} : { SA: `ECDSA-${name}-${hash}` }),
      ...(encoding === 'hex' ? {} : { SE: encoding }),
      SD: bytes.toString(encoding),
    };
  }
}

const FIRST = { RI: '1-b:1.8.0', RU: 'kWh', RT: 'AC', EF: '', ST: 'G' };

/** `2018-07-24T13:22:04,000+0000 S` */
export function ocmfTime(at: Date, clock = 'S'): string {
  return `${at.toISOString().replace('.', ',').replace('Z', '+0000')} ${clock}`;
}
