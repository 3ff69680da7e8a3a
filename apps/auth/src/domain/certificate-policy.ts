/**
 * What a tenant asks of the certificates of its stations (2.0.1 A00.FR.401 ff., A00.FR.501 ff.; 1.6 security white paper ed. 3
 * section 4.4): the organisation, whose name stands in them, for how long they count.
 */
import { invalid } from '@kilowatch/kernel';
import { z } from 'zod';
import { isTowardsCars, type CertificateType } from './station-certificate.js';

export interface CertificatePolicy {
  /** O of the subject, to the letter. Empty: not configured, so nothing is signed, and nothing compared. */
  readonly organisation: string;
  /** Whom the common name names: the identity of OCPP, the serial number of the station, or either. */
  readonly commonName: 'IDENTITY' | 'SERIAL' | 'EITHER';
  readonly issuer: 'BUILT_IN' | 'EST';
  /** Where an EST server has a way of its own for certificates of a type (RFC 7030 3.2.2, "label"); without one it is asked at its root. */
  readonly estLabels: { readonly [Type in CertificateType]?: string | undefined };
  readonly validityDays: number;
  /** ISO 15118-2 Annex F: leaves towards cars live two to three months. */
  readonly v2gValidityDays: number;
  /** OCPP 2.1 A05: whether a station may go from profile 3 back to 2. */
  readonly allowDowngradeTo2: boolean;
}

const LABEL = z.string().regex(/^[A-Za-z0-9._~-]{1,64}$/, 'one segment of a path');
const labels = () => ({
  ChargingStationCertificate: LABEL.optional(),
  V2GCertificate: LABEL.optional(),
  V2G20Certificate: LABEL.optional(),
  CombinedCertificate: LABEL.optional(),
});

const POLICY = z.strictObject({
  organisation: z.string().trim().max(64).default(''),
  commonName: z.enum(['IDENTITY', 'SERIAL', 'EITHER']).default('IDENTITY'),
  issuer: z.enum(['BUILT_IN', 'EST']).default('BUILT_IN'),
  estLabels: z.strictObject(labels()).default({}),
  validityDays: z.number().int().min(1).max(3650).default(365),
  v2gValidityDays: z.number().int().min(1).max(90).default(75),
  allowDowngradeTo2: z.boolean().default(false),
});
const POLICIES = z.record(z.string(), POLICY);

/** Of tenants by name; `*` is for all others. */
export class CertificatePolicies {
  private constructor(private readonly byTenant: ReadonlyMap<string, CertificatePolicy>) {}

  /** `json`: of KW_STATION_CERTIFICATES. Throws INVALID, naming what is wrong. */
  static parse(json: string | undefined): CertificatePolicies {
    const parsed = POLICIES.safeParse(objectIn(json ?? '{}'));
    if (!parsed.success)
      throw invalid('AUTH_CERTIFICATE_POLICY', `KW_STATION_CERTIFICATES: ${z.prettifyError(parsed.error)}`);
    return new CertificatePolicies(new Map(Object.entries(parsed.data)));
  }

  of(tenant: string): CertificatePolicy {
    return this.byTenant.get(tenant) ?? this.byTenant.get('*') ?? DEFAULT;
  }
}

const DEFAULT: CertificatePolicy = POLICY.parse({});

export function validityDaysOf(policy: CertificatePolicy, type: CertificateType): number {
  return isTowardsCars(type) ? policy.v2gValidityDays : policy.validityDays;
}

function objectIn(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
