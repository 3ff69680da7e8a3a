import { auth } from '@kilowatch/contracts';
import { tenantId, toAppError, type TenantId } from '@kilowatch/kernel';
import {
  chooseSubprotocol,
  DEFAULT_PREFERENCE,
  stationFromPath,
  SUBPROTOCOLS,
  versionOfSubprotocol,
  type Deviation,
  type OcppVersion,
} from '@kilowatch/ocpp';
import type { Logger } from '@kilowatch/platform';
import { credentialsFrom } from '../domain/basic-credentials.js';
import type { RefusalReason } from '../domain/refusal-advice.js';
import {
  offeredProfile,
  type ShownCertificate,
  type TransportSecurity,
} from '../domain/transport-security.js';
import type { AuthClient } from '../peers.js';

export interface Knock {
  /** Request target. */
  readonly url: string;
  readonly authorization: string | undefined;
  readonly subprotocols: string | undefined;
  readonly remoteIp: string;
  readonly security: TransportSecurity;
}

export interface Admitted {
  readonly ok: true;
  readonly tenant: TenantId;
  readonly stationId: string;
  readonly identity: string;
  readonly securityProfile: number;
  /** In auth's words. */
  readonly credentialId: string;
  /** To be repaired only (domain/station.ts). */
  readonly provisional: boolean;
  /** Undefined: as its model says. */
  readonly pinged: boolean | undefined;
  /** Undefined: none of the charger's subprotocols is ours; the handshake is completed and closed with 1002 (OCPP-J 3.1.2). */
  readonly version: OcppVersion | undefined;
  /** Of the path and the offer. */
  readonly deviations: readonly Deviation[];
  /** To echo; null when the charger offered none and may do so. */
  readonly subprotocol: string | null;
  readonly protocol: string;
}

export interface Refused {
  readonly ok: false;
  readonly status: 400 | 401 | 403 | 404 | 429 | 503;
  readonly reason: RefusalReason;
  readonly retryAfterSeconds?: number;
}

const VERIFY_DEADLINE_MS = 5_000;
const AUTH_DOWN_RETRY_SECONDS = 15;
/** Tenant of the call while the station's own is not known yet. */
const NO_TENANT_YET = tenantId('system');

/** Who knocks, and may they in? Order: path, certificate, credentials (auth decides), subprotocol. Never rejects. */
export class AdmitStation {
  constructor(
    private readonly authClient: AuthClient,
    private readonly log: Logger,
  ) {}

  async admit(knock: Knock): Promise<Admitted | Refused> {
    const path = stationFromPath(knock.url);
    if (!path.ok) return { ok: false, status: 404, reason: path.reason };
    const { certificate } = knock.security;
    if (certificate.kind === 'missing')
      return { ok: false, status: 403, reason: 'client_certificate_missing' };
    const credentials = credentialsFrom(knock.authorization);
    if (credentials.kind === 'malformed') return { ok: false, status: 401, reason: 'malformed_credentials' };
    const basic = credentials.kind === 'basic' ? credentials : undefined;
    const securityProfile = offeredProfile(knock.security, basic !== undefined);
    try {
      const verified = await this.authClient.verifyStation(
        {
          identity: path.identity,
          tenant: path.tenant ?? '',
          securityProfile,
          username: Buffer.from(basic?.username ?? []),
          password: Buffer.from(basic?.password ?? []),
          remoteIp: knock.remoteIp,
          certificate: certificate.kind === 'shown' ? toWire(certificate) : undefined,
        },
        { tenant: tenantOf(path.tenant), deadlineMs: VERIFY_DEADLINE_MS, idempotent: true },
      );
      const refusal = refusalOf(verified, basic !== undefined);
      if (refusal) return refusal;
      return this.negotiate(knock, verified, path.deviations);
    } catch (thrown) {
      const error = toAppError(thrown);
      this.log.warn({ code: error.code, kind: error.kind }, 'station could not be verified');
      if (error.kind === 'INVALID' || error.kind === 'NOT_FOUND') {
        return { ok: false, status: 404, reason: 'unknown_station' };
      }
      return {
        ok: false,
        status: 503,
        reason: 'auth_unavailable',
        retryAfterSeconds: AUTH_DOWN_RETRY_SECONDS,
      };
    }
  }

  private negotiate(
    knock: Knock,
    verified: auth.VerifyStationResponse,
    ofPath: readonly Deviation[],
  ): Admitted | Refused {
    const whenMissing = verified.allowMissingSubprotocol ? '1.6' : null;
    const choice = chooseSubprotocol(knock.subprotocols, {
      versions: versionsOf(verified.subprotocols),
      whenMissing,
    });
    if (!choice.ok && choice.reason === 'missing') {
      return { ok: false, status: 400, reason: 'subprotocol_missing' };
    }
    return {
      ok: true,
      tenant: tenantId(verified.tenant),
      stationId: verified.stationId,
      identity: verified.identity,
      securityProfile: verified.securityProfile,
      credentialId: verified.credentialId,
      provisional: verified.provisional,
      pinged: verified.pinged,
      version: choice.ok ? choice.version : undefined,
      subprotocol: choice.ok ? choice.subprotocol : null,
      deviations: choice.ok ? [...ofPath, ...choice.deviations] : ofPath,
      protocol: choice.ok ? SUBPROTOCOLS[choice.version] : '',
    };
  }
}

/** Best first: the operator's order for this station, else ours. A word that a newer auth knows and we do not is passed over. */
function versionsOf(subprotocols: readonly string[]): readonly OcppVersion[] {
  if (subprotocols.length === 0) return DEFAULT_PREFERENCE.versions;
  return subprotocols.flatMap((word) => versionOfSubprotocol(word) ?? []);
}

function refusalOf(answer: auth.VerifyStationResponse, hasPassword: boolean): Refused | undefined {
  switch (answer.verdict) {
    case auth.StationVerdict.STATION_VERDICT_ACCEPTED:
      return undefined;
    case auth.StationVerdict.STATION_VERDICT_UNKNOWN_STATION:
      return { ok: false, status: 404, reason: 'unknown_station' };
    case auth.StationVerdict.STATION_VERDICT_BAD_CREDENTIALS:
      return { ok: false, status: 401, reason: 'bad_credentials' };
    case auth.StationVerdict.STATION_VERDICT_PROFILE_MISMATCH:
      // Without credentials there is something to ask for; with them the profile itself is the fault.
      return { ok: false, status: hasPassword ? 403 : 401, reason: 'profile_mismatch' };
    case auth.StationVerdict.STATION_VERDICT_PROFILE_DOWNGRADE:
      return { ok: false, status: hasPassword ? 403 : 401, reason: 'profile_downgrade' };
    case auth.StationVerdict.STATION_VERDICT_CERTIFICATE_WRONG_NAME:
      return { ok: false, status: 403, reason: 'client_certificate_wrong_name' };
    case auth.StationVerdict.STATION_VERDICT_CERTIFICATE_WRONG_ORGANISATION:
      return { ok: false, status: 403, reason: 'client_certificate_wrong_organisation' };
    case auth.StationVerdict.STATION_VERDICT_CERTIFICATE_UNTRUSTED:
      return { ok: false, status: 403, reason: 'client_certificate_untrusted' };
    case auth.StationVerdict.STATION_VERDICT_CERTIFICATE_EXPIRED:
      return { ok: false, status: 403, reason: 'client_certificate_expired' };
    case auth.StationVerdict.STATION_VERDICT_CERTIFICATE_REVOKED:
      return { ok: false, status: 403, reason: 'client_certificate_revoked' };
    case auth.StationVerdict.STATION_VERDICT_CERTIFICATE_SUPERSEDED:
      return { ok: false, status: 403, reason: 'client_certificate_superseded' };
    case auth.StationVerdict.STATION_VERDICT_RATE_LIMITED:
      return {
        ok: false,
        status: 429,
        reason: 'rate_limited',
        retryAfterSeconds: Math.max(1, answer.retryAfterSeconds),
      };
    default:
      return {
        ok: false,
        status: 503,
        reason: 'verdict_unknown',
        retryAfterSeconds: AUTH_DOWN_RETRY_SECONDS,
      };
  }
}

function toWire(shown: ShownCertificate & { kind: 'shown' }): auth.StationCertificate {
  return {
    der: Buffer.from(shown.der),
    commonName: shown.commonName,
    verified: shown.fault === undefined,
    chain: shown.chain.map((der) => Buffer.from(der)),
    fault: shown.fault ?? '',
  };
}

function tenantOf(segment: string | null): TenantId {
  if (segment === null) return NO_TENANT_YET;
  try {
    return tenantId(segment);
  } catch {
    return NO_TENANT_YET;
  }
}
