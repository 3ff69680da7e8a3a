import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seedDemo } from '../seed/seed-demo.js';
import { interruption } from '../system/interruption.js';
import { fromInvocation } from '../system/invocation-folder.js';
import { runTool } from '../system/run-tool.js';
import { withTemporarySystem } from '../system/temporary-system.js';
import { WORKSPACE_ROOT } from '../workspace-root.js';
import { replayFile } from './replay-file.js';
import { syntheticRecordings, textOf } from './synthetic/recordings.js';

const HELP = `Usage: npm run replay -- FILE... [--graphql URL --ocpp URL --email E --password P]
       npm run replay -- --synthesise
Plays recorded chargers (JSON lines) against Kilowatch and judges answers and sessions.
Without --graphql and --ocpp it starts a system of its own and stops it afterwards.
--synthesise writes the synthetic recordings of OCPP 2.1 into e2e/recordings again.`;

const RECORDINGS = 'e2e/recordings';

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      graphql: { type: 'string' },
      ocpp: { type: 'string' },
      email: { type: 'string', default: 'operator@kilowatch.local' },
      password: { type: 'string', default: 'kilowatch-demo' },
      synthesise: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.synthesise) return synthesise();
  if (values.help || positionals.length === 0) {
    process.stdout.write(`${HELP}\n`);
    return values.help ? 0 : 2;
  }
  const files = positionals.map(fromInvocation);
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length > 0) throw new Error(`there is no file ${missing.join(', ')}`);
  const say = (line: string) => process.stdout.write(`${line}\n`);
  if (values.graphql && values.ocpp) {
    const { GraphqlClient } = await import('../client/graphql-client.js');
    const operator = await new GraphqlClient(values.graphql).signIn(values.email, values.password);
    return replayAll(files, { operator, ocppUrl: values.ocpp, say });
  }
  const temporary = { name: 'replay', fsync: false, signal: interruption() };
  return withTemporarySystem(temporary, async (system, log) => {
    const { operator } = await seedDemo(system.graphqlUrl);
    const code = await replayAll(files, { operator, ocppUrl: system.ocppUrl, say });
    if (code !== 0) log.slice(-40).forEach((line) => say(line));
    return code;
  });
}

function synthesise(): number {
  for (const [name, lines] of syntheticRecordings()) {
    writeFileSync(join(WORKSPACE_ROOT, RECORDINGS, name), textOf(lines));
    process.stdout.write(`${join(RECORDINGS, name)}: ${lines.length} lines\n`);
  }
  return 0;
}

async function replayAll(
  files: readonly string[],
  target: Parameters<typeof replayFile>[1],
): Promise<number> {
  let problems = 0;
  for (const file of files) problems += await replayFile(file, target);
  target.say(problems === 0 ? 'all answers and sessions are right' : `${problems} problems`);
  return problems === 0 ? 0 : 1;
}

runTool(main);
