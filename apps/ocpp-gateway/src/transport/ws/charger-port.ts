/** The ports chargers may come to; which of them are open is configuration. */
export type PortKind = 'plain' | 'tls' | 'mtls' | 'legacy_tls';

export interface ChargerPort {
  readonly kind: PortKind;
  /** Proxies of ours in front of it; none where we end TLS ourselves. */
  readonly forwardedHops: number;
}
