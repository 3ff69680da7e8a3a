import { waitFor } from '@kilowatch/testing';
import { newKey, signingRequest } from '@kilowatch/testing/pki';
import type { JsonObject } from '@kilowatch/ocpp';
import type { ConnectionOptions } from 'node:tls';
import { DEMO_ORGANISATION } from '../../system/demo-organisation.js';
import type { CaseContext } from '../case-context.js';
import type { ConformanceCase } from '../conformance-case.js';
import { Deviation, equals, must } from '../judge.js';
import { mutate } from '../platform-view.js';
import { ACCEPTED, result } from '../reply.js';
import type { Command } from '../scripted-station.js';
import { HASH } from './certificates.js';
import { sessionEnded } from './session-ended.js';
import { started, stopped } from './steps2.js';

const CERTIFICATES = `query($id: ID!) { stationCertificates(first: 5, filter: { stationId: $id }) {
  edges { node { id state } } } }`;

const LONG_MS = 100_000;

interface Shown {
  readonly id: string;
  readonly state: string;
}

/** What the station shows from then on: the certificate that it asked for over the connection it has. */
async function certified(context: CaseContext): Promise<ConnectionOptions> {
  const key = newKey('P-256');
  const { station } = context;
  const before = station.count('CertificateSigned');
  station.answers('CertificateSigned', ACCEPTED);
  const csr = signingRequest({ subject: `O=${DEMO_ORGANISATION}, CN=${context.identity}`, key });
  const answer = await context.call('SignCertificate', { csr });
  equals('the status of SignCertificate', answer['status'], 'Accepted');
  const { payload } = await station.command('CertificateSigned', before);
  const keyPem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return context.tls.trusting({ cert: String(payload['certificateChain']), key: keyPem });
}

function certificates(context: CaseContext): Promise<Shown[]> {
  return context.operator
    .request<{ stationCertificates: { edges: { node: Shown }[] } }>(CERTIFICATES, { id: context.stationId })
    .then(({ stationCertificates }) => stationCertificates.edges.map(({ node }) => node));
}

/** The gateway tells auth of a connection by an event: what follows from it is there a moment later. */
async function states(context: CaseContext, wanted: readonly string[]): Promise<Shown[]> {
  for (let tries = 0; ; tries += 1) {
    const found = await certificates(context);
    const seen = found.map(({ state }) => state);
    if (seen.join() === wanted.join()) return found;
    if (tries >= 80) equals('the states of its certificates', seen, wanted);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function refused(context: CaseContext, what: string, tls: ConnectionOptions): Promise<void> {
  const entrance = await context.knock({ ocppUrl: context.tls.certificateUrl, tls });
  equals(what, entrance, { kind: 'refused', status: 403 });
}

/** S4, C9: from the first certificate to a revoked one, over real TLS; in 2.x with a car that charges all the while. */
export function certificateLifeCase(id: string, requirement: string): ConformanceCase {
  return {
    id,
    requirement,
    title:
      'a station renews its certificate, comes with the new one, and neither old nor revoked ones let it in',
    begins: 'unconnected',
    securityProfile: 3,
    timeoutMs: LONG_MS,
    run: async (context) => {
      const { tls, identity } = context;
      const come = (shown: ConnectionOptions) => context.connect({ ocppUrl: tls.certificateUrl, tls: shown });
      await come(await tls.showing(identity));
      await context.boot();
      const first = await certified(context);
      await context.station.close();
      await come(first);
      await context.boot();
      await states(context, ['INSTALLED']);
      const session = context.is16 ? undefined : await started(context);
      const second = await certified(context);
      await states(context, ['ISSUED', 'INSTALLED']);
      await context.station.close();
      await come(second);
      if (session) {
        await session.update({ trigger: 'MeterValuePeriodic', state: 'Charging', wh: 3_000 });
        await stopped(session);
        await sessionEnded(context, session.id, 5_000);
      }
      const [newest] = await states(context, ['INSTALLED', 'REVOKED']);
      await refused(context, 'the superseded certificate', first);
      const input = { id: newest!.id, reason: 'KEY_COMPROMISE' };
      await mutate(context.operator, 'revokeStationCertificate', 'certificate { id }', input);
      const { code } = await context.station.end();
      must(code === 1008, `the connection of the revoked certificate was closed with ${code}`);
      await refused(context, 'the revoked certificate', second);
      await refused(
        context,
        'the certificate of another organisation',
        await tls.showing(`O=Else, CN=${identity}`),
      );
      await context.shows('its security log', 'securityEvents(first: 5) { edges { node { kind } } }', {
        securityEvents: {
          edges: [1, 2, 3].map(() => ({ node: { kind: 'InvalidChargingStationCertificate' } })),
        },
      });
    },
  };
}

const variable = (value: string) => ({
  attributeStatus: 'Accepted',
  attributeValue: value,
  component: { name: 'OCPPCommCtrlr' },
  variable: { name: 'NetworkConfigurationPriority' },
});

/** How a station that takes everything answers while it is upgraded. */
function takesAll(context: CaseContext): void {
  const { station } = context;
  const held = { status: 'Accepted' };
  if (context.is16) {
    const only = (payload: JsonObject) =>
      payload['certificateType'] === 'CentralSystemRootCertificate'
        ? result({ ...held, certificateHashData: [HASH] })
        : result({ status: 'NotFound' });
    station.answers('GetInstalledCertificateIds', only);
    station.answers(
      'GetConfiguration',
      result({ configurationKey: [{ key: 'SecurityProfile', readonly: false, value: '1' }] }),
    );
    station.answers('ChangeConfiguration', ACCEPTED);
    station.answers('ExtendedTriggerMessage', ACCEPTED);
  } else {
    const chain = { certificateType: 'CSMSRootCertificate', certificateHashData: HASH };
    station.answers('GetInstalledCertificateIds', result({ ...held, certificateHashDataChain: [chain] }));
    station.answers('GetVariables', result({ getVariableResult: [variable('1')] }));
    station.answers('SetNetworkProfile', ACCEPTED);
    station.answers('Reset', ACCEPTED);
    station.answers('TriggerMessage', ACCEPTED);
  }
  station.answers('CertificateSigned', ACCEPTED);
}

/** A05: one mutation leads a station from profile 1 to 3; afterwards nothing lower is taken. */
export function upgradeCase(id: string, requirement: string): ConformanceCase {
  return {
    id,
    requirement,
    title:
      'one mutation leads the station from security profile 1 to 2 to 3, and nothing lower is taken afterwards',
    begins: 'unconnected',
    securityProfile: 1,
    timeoutMs: LONG_MS,
    run: async (context) => {
      const { tls, operator, stationId } = context;
      await context.connect();
      await context.boot();
      takesAll(context);
      await wantsRoot(context);
      // That it has come is an event, which takes its turn among those of all stations of the suite.
      await waitFor(
        'the upgrade to begin',
        () =>
          mutate<object>(operator, 'upgradeStationSecurity', 'upgrade { id }', { stationId, toProfile: 3 }),
        { timeoutMs: 40_000, everyMs: 500 },
      );
      await told(context, tls.passwordUrl, 2).catch((error: unknown) => explained(context, error));
      await context.station.close();
      await context.connect({ ocppUrl: tls.passwordUrl, tls: tls.trusting() });
      takesAll(context);
      await context.station.command(context.is16 ? 'ExtendedTriggerMessage' : 'TriggerMessage');
      const shown = await certified(context);
      await told(context, tls.certificateUrl, 3).catch((error: unknown) => explained(context, error));
      await context.station.close();
      await context.connect({ ocppUrl: tls.certificateUrl, tls: shown });
      await context.boot();
      await context.shows('the upgrade', 'securityUpgrade { state problem }', {
        securityUpgrade: { state: 'DONE', problem: '' },
      });
      const { kind } = await context.knock();
      must(kind === 'refused', 'it was let in without TLS');
      equals(
        'the door with the password over TLS',
        await context.knock({ ocppUrl: tls.passwordUrl, tls: tls.trusting() }),
        {
          kind: 'refused',
          status: 403,
        },
      );
    },
  };
}

/** The upgrade wants a CSMS root on the station: asked for, the station says that it holds one. */
async function wantsRoot(context: CaseContext): Promise<void> {
  const { operator, stationId, tls } = context;
  const wish = { purpose: 'CSMSRootCertificate', certificate: tls.serverRoot, stationId };
  context.station.answers('InstallCertificate', ACCEPTED);
  await mutate(operator, 'wantStationRoot', 'root { id }', wish);
  await context.shows('its roots', 'installedRoots { purpose }', {
    installedRoots: [{ purpose: 'CSMSRootCertificate' }],
  });
}

/** What the platform says of the upgrade tells more than that nothing came. */
async function explained(context: CaseContext, error: unknown): Promise<never> {
  const part = await context.part('securityUpgrade { state step problem }');
  throw new Deviation(`${(error as Error).message}: ${JSON.stringify(part)}`);
}

async function told(context: CaseContext, url: string, profile: number): Promise<void> {
  if (context.is16) {
    const { station } = context;
    // Its ordinary settings are written too, in any order.
    const isIt = ({ payload }: Command) =>
      payload['key'] === 'SecurityProfile' && payload['value'] === String(profile);
    await station.until(`security profile ${profile}`, () => station.commands.some(isIt));
    return;
  }
  const { payload } = await context.station.command('SetNetworkProfile');
  const { ocppCsmsUrl, securityProfile } = payload['connectionData'] as JsonObject;
  equals(
    'the network profile',
    { ocppCsmsUrl, securityProfile },
    { ocppCsmsUrl: url, securityProfile: profile },
  );
  await context.station.command('Reset');
}
