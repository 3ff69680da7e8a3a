import { Secret } from '@kilowatch/kernel';
import { z } from 'zod';

/** A value that never shows in logs; `.reveal()` gives the text. */
export function secret() {
  return z
    .string()
    .min(1)
    .transform((text) => new Secret(text));
}

export function port() {
  return z.coerce.number().int().min(0).max(65_535);
}

export function url() {
  return z.string().refine((text) => URL.canParse(text), 'not a URL');
}

/** `true`/`1` and `false`/`0`; anything else is an error. */
export function flag() {
  return z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1');
}

/** `a, b,c` -> ['a', 'b', 'c'] */
export function list() {
  return z.string().transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );
}

type PeerKey<P extends string> = P extends `${infer A}-${infer B}`
  ? `${Uppercase<A>}_${PeerKey<B>}`
  : Uppercase<P>;
type PeerShape<P extends string> = { [K in P as `KW_${PeerKey<K>}_GRPC_URL`]: z.ZodString };

/** Addresses of the services this one calls: `peers('auth', 'ocpp-gateway')` -> KW_AUTH_GRPC_URL, KW_OCPP_GATEWAY_GRPC_URL (host:port). */
export function peers<P extends string>(...names: P[]): PeerShape<P> {
  return Object.fromEntries(
    names.map((name) => [`KW_${name.toUpperCase().replaceAll('-', '_')}_GRPC_URL`, z.string().min(1)]),
  ) as unknown as PeerShape<P>;
}
