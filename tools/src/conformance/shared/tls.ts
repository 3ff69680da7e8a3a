import type { ConnectionOptions } from 'node:tls';
import type { CaseContext } from '../case-context.js';
import type { ConformanceCase } from '../conformance-case.js';
import { equals, must } from '../judge.js';

const TLS_1_1 = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;

async function boots(context: CaseContext, securityProfile: number): Promise<void> {
  equals('the boot', (await context.boot())['status'], 'Accepted');
  await context.shows(
    'the attempt',
    'connectionAttempts(first: 1) { edges { node { outcome securityProfile } } }',
    {
      connectionAttempts: { edges: [{ node: { outcome: 'ACCEPTED', securityProfile } }] },
    },
  );
}

type Ids = readonly [
  password: string,
  plain: string,
  old: string,
  certificate: string,
  foreign: string,
  expired: string,
  another: string,
];

/** Security profiles 2 and 3 at the gateway's own TLS ports; ids by the test list of the version. */
export function tlsCases(requirement: string, ids: Ids): readonly ConformanceCase[] {
  const [password, plain, old, certificate, foreign, expired, another] = ids;
  const refused = (
    id: string,
    title: string,
    show: (context: CaseContext) => Promise<ConnectionOptions>,
  ): ConformanceCase => ({
    id,
    requirement,
    title,
    begins: 'unconnected',
    securityProfile: 3,
    run: async (context) => {
      const { certificateUrl: ocppUrl } = context.tls;
      const entrance = await context.knock({ ocppUrl, tls: await show(context) });
      equals('what the door says', entrance, { kind: 'refused', status: 403 });
    },
  });
  return [
    {
      id: password,
      requirement,
      title: 'TLS with the certificate of the central system, and a password: let in as profile 2',
      begins: 'unconnected',
      securityProfile: 2,
      run: async (context) => {
        const { tls } = context;
        await context.connect({ ocppUrl: tls.passwordUrl, tls: tls.trusting() });
        await boots(context, 2);
      },
    },
    {
      id: plain,
      requirement,
      title: 'a station of profile 2 that comes without TLS is refused',
      begins: 'unconnected',
      securityProfile: 2,
      run: async (context) => {
        equals('what the door says', await context.knock(), { kind: 'refused', status: 403 });
      },
    },
    {
      id: old,
      requirement,
      title: 'a TLS version below 1.2 is refused',
      begins: 'unconnected',
      securityProfile: 2,
      run: async (context) => {
        const { tls } = context;
        const entrance = await context.knock({ ocppUrl: tls.passwordUrl, tls: tls.trusting(TLS_1_1) });
        equals('what the door says', entrance, { kind: 'refused', status: 0 });
      },
    },
    {
      id: certificate,
      requirement,
      title: 'TLS with the certificate of the station: let in as profile 3, without a password',
      begins: 'unconnected',
      securityProfile: 3,
      run: async (context) => {
        const { tls, identity } = context;
        const station = await context.connect({
          ocppUrl: tls.certificateUrl,
          tls: await tls.showing(identity),
        });
        must(station.subprotocol !== '', 'no subprotocol');
        await boots(context, 3);
      },
    },
    refused(foreign, 'a certificate of somebody else’s authority is refused', ({ tls, identity }) =>
      tls.showing(identity, 'strangers'),
    ),
    refused(expired, 'a certificate that has expired is refused', ({ tls, identity }) =>
      tls.showing(identity, 'us', { from: -10, to: -1 }),
    ),
    refused(another, 'the certificate of another station is refused', ({ tls }) => tls.showing('CS-OTHER')),
  ];
}
