// Real: every service as a process, and one scripted station for each case. All cases of `npm run conformance`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OCPP_VERSIONS } from '@kilowatch/ocpp';
import { GraphqlClient } from '@kilowatch/tools/client/graphql-client';
import { casesEnv } from '@kilowatch/tools/conformance/cases-env';
import { countOf, tableOf } from '@kilowatch/tools/conformance/report';
import { runCases } from '@kilowatch/tools/conformance/run-cases';
import { SUITES } from '@kilowatch/tools/conformance/suites';
import { TlsDoors } from '@kilowatch/tools/conformance/tls-doors';
import { DEMO_ADMIN } from '@kilowatch/tools/system/system-options';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemUnderTest } from './support/system-under-test.js';

/** Known to fail: each says why in its reason. One that passes now comes off the list. */
const KNOWN: readonly string[] = [];

let sut: SystemUnderTest;
let admin: GraphqlClient;
let tls: TlsDoors;
const folder = mkdtempSync(join(tmpdir(), 'kilowatch-conformance-tls-'));

beforeAll(async () => {
  tls = await TlsDoors.make(folder);
  sut = await SystemUnderTest.start({ extraEnv: casesEnv(tls) });
  admin = await new GraphqlClient(sut.system.graphqlUrl).signIn(DEMO_ADMIN.email, DEMO_ADMIN.password);
});
afterAll(async () => {
  await sut?.stop();
  rmSync(folder, { recursive: true });
});

describe.each(OCPP_VERSIONS)('OCPP %s', (version) => {
  it('every case that can be played passes, but those known to fail', async () => {
    const world = { ocppUrl: sut.system.ocppUrl, operator: sut.people.operator, admin, tls };
    const results = await runCases(world, version, SUITES[version]);
    const failed = results.filter(({ verdict }) => verdict === 'FAIL');
    const known = KNOWN.filter((id) => results.some((result) => result.id === id));
    expect(
      failed.map(({ id }) => id),
      tableOf(version, failed).join('\n'),
    ).toEqual(known);
    expect(countOf(results, 'PASS')).toBeGreaterThan(150);
  });
});
