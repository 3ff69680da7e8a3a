import { verify, X509Certificate, type KeyObject } from 'node:crypto';
import { internal, precondition, unavailable, type Secret } from '@kilowatch/kernel';
import { guardedFetch, type EgressPolicy } from '@kilowatch/platform';
import { algorithmOf, hashOf, type CaKey } from './ca-key.js';

export interface VaultOptions {
  /** `https://vault.example.org:8200/v1/transit`: the address with the mount of the Transit engine. */
  readonly url: string;
  /** Name of the key there; of a kind that `CaKey` has. */
  readonly keyName: string;
  /** May `update` on `MOUNT/sign/KEY/*`, and nothing else. */
  readonly token: Secret;
  /** Of Vault Enterprise; empty: none. */
  readonly namespace: string;
  /** PEM of the CAs that vouch for the server; empty: those of the system. */
  readonly serverCa: string;
  /** PEM, the CA's own first: it says which key must have signed. */
  readonly chain: string;
  readonly egress: EgressPolicy;
}

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 64 * 1024;
/** `vault:v3:BASE64`: the version of the key, and the signature. */
const SIGNATURE = /^vault:v\d+:([A-Za-z0-9+/]+={0,2})$/;

/**
 * A key that lives in HashiCorp Vault or OpenBao (Transit secrets engine, POST /sign/:name/:hash_algorithm): it never comes here. Which key
 * that is says the CA's certificate; a signature of another one (a key that was rotated there) is refused before anybody gets it.
 */
export class VaultKey implements CaKey {
  readonly algorithm: CaKey['algorithm'];
  readonly publicKey: Uint8Array;
  private readonly verifier: KeyObject;

  /** Throws PRECONDITION for a certificate whose key no certificate should be signed with, or an address that is no https. */
  constructor(private readonly options: VaultOptions) {
    this.verifier = new X509Certificate(options.chain).publicKey;
    this.algorithm = algorithmOf(this.verifier);
    this.publicKey = this.verifier.export({ type: 'spki', format: 'der' });
    if (!options.url.startsWith('https://'))
      throw precondition(
        'AUTH_CA_KEY',
        'KW_STATION_CA_VAULT_URL begins with https://: its token travels there.',
      );
  }

  /** UNAVAILABLE when Vault is away, sealed or busy: asked again later. INTERNAL when it refuses, or signs with another key. */
  async sign(bytes: Uint8Array): Promise<Uint8Array> {
    const hash = hashOf(this.algorithm);
    const body = {
      input: Buffer.from(bytes).toString('base64'),
      ...(this.algorithm === 'RSA_SHA256'
        ? { signature_algorithm: 'pkcs1v15' }
        : { marshaling_algorithm: 'asn1' }),
    };
    const signature = await this.ask(
      `sign/${encodeURIComponent(this.options.keyName)}/${VAULT_HASHES[hash]}`,
      body,
    );
    if (!verify(hash, bytes, this.verifier, signature))
      throw internal('AUTH_CA_KEY_FOREIGN', 'The certificate could not be signed.', {
        why: 'Vault signed with a key that is not that of the first certificate in KW_STATION_CA_CERT',
      });
    return signature;
  }

  private async ask(path: string, body: object): Promise<Uint8Array> {
    const { url, token, namespace, serverCa, egress } = this.options;
    const response = await guardedFetch(`${url.replace(/\/$/, '')}/${path}`, {
      hosts: [new URL(url).host],
      egress,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-vault-token': token.reveal(),
        ...(namespace === '' ? {} : { 'x-vault-namespace': namespace }),
      },
      body: JSON.stringify(body),
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      ...(serverCa === '' ? {} : { ca: serverCa }),
    });
    // 429: a standby that is behind; 472, 473: standbys that do not answer; 503: sealed.
    if (response.status === 429 || response.status >= 470)
      throw unavailable('AUTH_CA_KEY_AWAY', 'The key of the authority cannot be used now.', {
        status: response.status,
      });
    if (response.status !== 200)
      throw internal('AUTH_CA_KEY_REFUSED', 'The certificate could not be signed.', {
        status: response.status,
      });
    const signature = signatureIn(response.text());
    if (!signature)
      throw internal('AUTH_CA_KEY_ANSWER', 'The certificate could not be signed.', { why: 'no signature' });
    return signature;
  }
}

const VAULT_HASHES = { sha256: 'sha2-256', sha384: 'sha2-384' } as const;

function signatureIn(text: string): Uint8Array | undefined {
  try {
    const { data } = JSON.parse(text) as { data?: { signature?: unknown } };
    const [, base64] = SIGNATURE.exec(String(data?.signature)) ?? [];
    return base64 === undefined ? undefined : Buffer.from(base64, 'base64');
  } catch {
    return undefined;
  }
}
