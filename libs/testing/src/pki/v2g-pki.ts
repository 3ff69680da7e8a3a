import type { KeyKind } from './keys.js';
import { OCSP_SIGNING, TestCertificate, type WantedCertificate } from './test-certificate.js';

export const TEST_EMAID = 'DE8AA001234567';

export interface TestPkiOptions {
  readonly key?: KeyKind;
  readonly now?: Date;
  /** In every certificate but the roots. */
  readonly ocspUrl?: string;
  readonly crlUrl?: string;
  readonly emaid?: string;
}

/** The certificates of ISO 15118-2 Annex F: stations, contracts, cars and provisioning, each below its roots. */
export interface TestPki {
  readonly v2gRoot: TestCertificate;
  readonly cpoSub1: TestCertificate;
  readonly cpoSub2: TestCertificate;
  /** A station's own. */
  readonly station: TestCertificate;
  readonly moRoot: TestCertificate;
  readonly moSub1: TestCertificate;
  readonly moSub2: TestCertificate;
  readonly contract: TestCertificate;
  /** A mobility operator below the V2G root, and its contract. */
  readonly moBelowV2g: TestCertificate;
  readonly contractBelowV2g: TestCertificate;
  readonly cpsSub: TestCertificate;
  readonly cps: TestCertificate;
  readonly oemRoot: TestCertificate;
  readonly oemSub: TestCertificate;
  /** A car's provisioning certificate. */
  readonly oemProvisioning: TestCertificate;
  /** Signs OCSP answers for `moSub2`. */
  readonly moOcspDelegate: TestCertificate;
  /** Those that issue: whom an OCSP responder answers for. */
  readonly authorities: readonly TestCertificate[];
}

export function testPki({ key, now, ocspUrl, crlUrl, emaid = TEST_EMAID }: TestPkiOptions = {}): TestPki {
  const all = { ...(key && { key }), ...(now && { now }) };
  const below = { ...all, ...(ocspUrl && { ocspUrl }), ...(crlUrl && { crlUrl }) };
  const root = (subject: string) => TestCertificate.root({ ...all, subject });
  const sub = (issuer: TestCertificate, subject: string, pathLength: number) =>
    issuer.issue({ ...below, subject, ca: true, pathLength });
  const leaf = (issuer: TestCertificate, subject: string, more: Partial<WantedCertificate> = {}) =>
    issuer.issue({ ...below, subject, ...more });
  const [v2gRoot, moRoot, oemRoot] = [
    root('CN=V2G Root CA, O=Kilowatch Test, DC=V2G'),
    root('CN=MO Root CA, O=Mobility, DC=MO'),
    root('CN=OEM Root CA, O=Carmaker, DC=OEM'),
  ];
  const cpoSub1 = sub(v2gRoot, 'CN=CPO Sub1 CA, O=Kilowatch Test, DC=V2G', 1);
  const cpoSub2 = sub(cpoSub1, 'CN=CPO Sub2 CA, O=Kilowatch Test, DC=V2G', 0);
  const moSub1 = sub(moRoot, 'CN=MO Sub1 CA, O=Mobility, DC=MO', 1);
  const moSub2 = sub(moSub1, 'CN=MO Sub2 CA, O=Mobility, DC=MO', 0);
  const moBelowV2g = sub(v2gRoot, 'CN=MO Sub CA below V2G, O=Mobility, DC=MO', 0);
  const cpsSub = sub(v2gRoot, 'CN=CPS Sub CA, O=Pool, DC=CPS', 0);
  const oemSub = sub(oemRoot, 'CN=OEM Sub CA, O=Carmaker, DC=OEM', 0);
  const contractName = `CN=${emaid}, O=Mobility, DC=MO`;
  return {
    v2gRoot,
    cpoSub1,
    cpoSub2,
    station: leaf(cpoSub2, 'CN=CS-0001, O=Kilowatch Test, DC=CPO'),
    moRoot,
    moSub1,
    moSub2,
    contract: leaf(moSub2, contractName),
    moBelowV2g,
    contractBelowV2g: leaf(moBelowV2g, contractName),
    cpsSub,
    cps: leaf(cpsSub, 'CN=CPS, O=Pool, DC=CPS'),
    oemRoot,
    oemSub,
    oemProvisioning: leaf(oemSub, 'CN=WKW0000000000001, O=Carmaker, DC=OEM'),
    moOcspDelegate: leaf(moSub2, 'CN=MO OCSP, O=Mobility, DC=MO', { purposes: [OCSP_SIGNING] }),
    authorities: [v2gRoot, cpoSub1, cpoSub2, moRoot, moSub1, moSub2, moBelowV2g, cpsSub, oemRoot, oemSub],
  };
}
