// Who a charger says it is: the path of its WebSocket URL (OCPP-J 1.6 section 3.1.1, OCPP 2.0.1 part 4 section 3.1.1).
// `/ocpp/<identity>` or `/ocpp/<tenant>/<identity>`. Installers paste all kinds of things: each segment is
// percent-decoded once, empty segments and a trailing slash are dropped, and an identity that the charger's own setup
// page appended a second time counts once. A slash inside an identity cannot be told from a tenant and is refused.

import { DeviationList, type Deviation } from './deviation.js';

export type PathRefusal =
  'wrong_prefix' | 'no_identity' | 'bad_encoding' | 'bad_identity' | 'bad_tenant' | 'too_many_segments';

export type StationPath =
  | { ok: true; identity: string; tenant: string | null; deviations: Deviation[] }
  | { ok: false; reason: PathRefusal };

/** 2.0.1 identifierString (48) plus the spaces and over-long serial numbers that are seen. */
const IDENTITY = /^(?!\.{1,2}$)[A-Za-z0-9*\-_=:+|@.]([A-Za-z0-9*\-_=:+|@. ]{0,62}[A-Za-z0-9*\-_=:+|@.])?$/;
const TENANT = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** `url` is the request target: a path with or without a query. */
export function stationFromPath(url: string, prefix = 'ocpp'): StationPath {
  const path = url.split(/[?#]/, 1)[0] ?? '';
  const deviations = new DeviationList();
  const raw = path.split('/').filter((segment) => segment !== '');
  if (path.endsWith('/') && raw.length > 1) deviations.add('trailing_slash', 'path');
  if (raw[0] !== prefix) return { ok: false, reason: 'wrong_prefix' };
  const segments: string[] = [];
  for (const segment of raw.slice(1)) {
    const decoded = decode(segment);
    if (decoded === null) return { ok: false, reason: 'bad_encoding' };
    if (decoded.trim() !== '') segments.push(decoded.trim());
  }
  const identity = segments.pop();
  if (identity === undefined) return { ok: false, reason: 'no_identity' };
  if (!IDENTITY.test(identity)) return { ok: false, reason: 'bad_identity' };
  const before = segments.at(-1);
  if (before !== undefined && identityKey(before) === identityKey(identity)) {
    segments.pop();
    deviations.add('identity_repeated', 'path');
  }
  if (segments.length > 1) return { ok: false, reason: 'too_many_segments' };
  const tenant = segments[0] ?? null;
  if (tenant !== null && !TENANT.test(tenant)) return { ok: false, reason: 'bad_tenant' };
  return { ok: true, identity, tenant, deviations: deviations.items };
}

/** Identities are compared case-folded: chargers change the case between firmware versions. */
export function identityKey(identity: string): string {
  return identity.toLowerCase();
}

function decode(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
