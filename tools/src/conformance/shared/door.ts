import { SUBPROTOCOLS } from '@kilowatch/ocpp';
import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds, must } from '../judge.js';
import { importStations } from '../../seed/seed-demo.js';
import type { CaseContext } from '../case-context.js';

const OTHER_PASSWORD = 'another-station-password';

async function attempt(context: CaseContext, outcome: string): Promise<void> {
  await context.shows('the attempt', 'connectionAttempts(first: 1) { edges { node { outcome } } }', {
    connectionAttempts: { edges: [{ node: { outcome } }] },
  });
}

/** Whoever comes to the door with Basic authentication; ids by the test list of the version. */
export function basicAuthCases(
  requirement: string,
  ids: readonly [valid: string, wrongUser: string, wrongPassword: string, none: string, renewed: string],
): readonly ConformanceCase[] {
  const [valid, wrongUser, wrongPassword, none, renewed] = ids;
  const refused = (id: string, title: string, over: object): ConformanceCase => ({
    id,
    requirement,
    title,
    begins: 'unconnected',
    securityProfile: 1,
    run: async (context) => {
      const entrance = await context.knock(over);
      equals('what the door says', entrance, { kind: 'refused', status: 401 });
      await attempt(context, 'REFUSED');
    },
  });
  return [
    {
      id: valid,
      requirement,
      title: 'Basic authentication with the right name and password: let in',
      begins: 'unconnected',
      securityProfile: 1,
      run: async (context) => {
        await context.connect();
        equals('the boot', (await context.boot())['status'], 'Accepted');
        await attempt(context, 'ACCEPTED');
      },
    },
    refused(wrongUser, 'Basic authentication with the name of another station: 401', { user: 'SOMEBODY' }),
    refused(wrongPassword, 'Basic authentication with a wrong password: 401', {
      password: 'wrong-station-password',
    }),
    refused(none, 'no credentials where a password is wanted: 401', { password: undefined }),
    {
      id: renewed,
      requirement,
      title: 'a new password: the station comes in with it, and no longer with the old one',
      begins: 'unconnected',
      securityProfile: 1,
      run: async (context) => {
        const connectors = [1, 2].map((evseNumber) => ({ evseNumber, number: 1, maxCurrentA: 32 }));
        const station = { identity: context.identity, location: 'Conformance', connectors };
        await importStations(context.operator, [{ ...station, password: OTHER_PASSWORD }]);
        const entrance = await context.knock({ password: OTHER_PASSWORD });
        equals('the door with the new one', entrance.kind, 'open');
        await context.station.close();
        holds('the door with the old one', await context.knock(), { kind: 'refused', status: 401 });
      },
    },
  ];
}

/** Which version is spoken. */
export function subprotocolCases(
  requirement: string,
  ids: readonly [negotiated: string, none: string, foreign: string],
): readonly ConformanceCase[] {
  const [negotiated, none, foreign] = ids;
  return [
    {
      id: negotiated,
      requirement,
      title: 'of several subprotocols, one that both speak is agreed on',
      begins: 'unconnected',
      run: async (context) => {
        const own = SUBPROTOCOLS[context.version];
        const station = await context.connect({ subprotocols: ['ocpp0.9', own] });
        equals('the subprotocol', station.subprotocol, own);
        equals('the boot', (await context.boot())['status'], 'Accepted');
      },
    },
    {
      id: none,
      requirement,
      title: 'a station that offers no subprotocol is refused',
      begins: 'unconnected',
      run: async (context) => {
        const entrance = await context.knock({ subprotocols: [] });
        must(entrance.kind === 'refused', 'it was let in');
      },
    },
    {
      id: foreign,
      requirement,
      title: 'a station that speaks none of our versions gets no connection to work with',
      begins: 'unconnected',
      run: async (context) => {
        const entrance = await context.knock({ subprotocols: ['ocpp1.5'] });
        must(entrance.kind === 'refused', 'it was let in');
        await attempt(context, 'REFUSED');
      },
    },
  ];
}
