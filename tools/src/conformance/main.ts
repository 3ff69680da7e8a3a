import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GraphqlClient } from '../client/graphql-client.js';
import { seedDemo } from '../seed/seed-demo.js';
import { interruption } from '../system/interruption.js';
import { runTool } from '../system/run-tool.js';
import { DEMO_ADMIN } from '../system/system-options.js';
import { withTemporarySystem } from '../system/temporary-system.js';
import { casesEnv } from './cases-env.js';
import { chosen, conformanceOptionsFrom, HELP } from './options.js';
import { countOf, tableOf } from './report.js';
import { runCases, type CaseResult } from './run-cases.js';
import { SUITES } from './suites.js';
import { TlsDoors } from './tls-doors.js';

const CASES_OF_A_PROGRESS_LINE = 25;

async function main(): Promise<number> {
  const { version, only, json, help } = conformanceOptionsFrom(process.argv.slice(2));
  if (help || !version) {
    process.stdout.write(`${HELP}\n`);
    return help ? 0 : 2;
  }
  const blocks = chosen(SUITES[version], only);
  if (blocks.length === 0) throw new Error(`no case of ${version} begins with ${only.join(' or ')}`);
  const folder = mkdtempSync(join(tmpdir(), 'kilowatch-conformance-tls-'));
  const tls = await TlsDoors.make(folder);
  const over = { extraEnv: casesEnv(tls) };
  const temporary = { name: 'conformance', fsync: false, signal: interruption(), over };
  return withTemporarySystem(temporary, async (system, log) => {
    const { operator } = await seedDemo(system.graphqlUrl);
    const admin = await new GraphqlClient(system.graphqlUrl).signIn(DEMO_ADMIN.email, DEMO_ADMIN.password);
    let played = 0;
    const onResult = (result: CaseResult) => {
      played += 1;
      if (result.verdict === 'FAIL' || played % CASES_OF_A_PROGRESS_LINE === 0)
        process.stderr.write(`${played} played: ${result.id} ${result.verdict}\n`);
    };
    const world = { ocppUrl: system.ocppUrl, operator, admin, tls };
    const results = await runCases(world, version, blocks, { onResult });
    const lines = json ? [JSON.stringify({ version, results }, null, 2)] : tableOf(version, results);
    process.stdout.write(`${lines.join('\n')}\n`);
    const failed = countOf(results, 'FAIL');
    if (failed > 0) log.slice(-20).forEach((line) => process.stderr.write(`${line}\n`));
    return failed === 0 ? 0 : 1;
  }).finally(() => rmSync(folder, { recursive: true, force: true }));
}

runTool(main);
