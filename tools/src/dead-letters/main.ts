import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isUuid } from '@kilowatch/kernel';
import { fromInvocation } from '../system/invocation-folder.js';
import { runTool } from '../system/run-tool.js';
import { WORKSPACE_ROOT } from '../workspace-root.js';
import { databaseUrl } from './database-url.js';
import { DeadLetterBox, type Letter } from './dead-letter-box.js';
import { letterText, listText } from './letter-text.js';
import { replay } from './replay.js';

const HELP = `Usage: npm run dead-letters -- list [--service S] [--all]
                             show ID
                             replay ID... | replay --service S
                             discard ID...
Events that a service of a running system could not apply.
  list       those that wait, of all services or one; --all: those replayed and discarded too
  show       one with its error and the event itself
  replay     asks the service to apply it again and waits for the outcome; the effect happens once
  discard    gives it up: the row stays, nothing replays it
The database: DATABASE_URL, else that of the npm start on --data-dir DIR (default .kilowatch).
In a container: node tools/dist/dead-letters/main.js, with the KW_DATABASE_URL of the service's pod.`;

const VERBS = ['list', 'show', 'replay', 'discard'];

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      service: { type: 'string' },
      all: { type: 'boolean', default: false },
      'data-dir': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const [verb = '', ...ids] = positionals;
  if (values.help || !VERBS.includes(verb)) {
    print(values.help || !verb ? HELP : `there is no command ${verb}\n\n${HELP}`);
    return values.help ? 0 : 2;
  }
  const dataDir = values['data-dir'];
  const folder = dataDir ? fromInvocation(dataDir) : join(WORKSPACE_ROOT, '.kilowatch');
  const box = await DeadLetterBox.open(await databaseUrl(folder, process.env));
  try {
    if (verb === 'list') {
      print(listText(await box.list({ service: values.service, all: values.all })));
      return 0;
    }
    if (verb === 'replay' && ids.length === 0 && values.service)
      return await replay(box, await box.list({ service: values.service }), print);
    if (ids.length === 0) throw new Error(`which? npm run dead-letters -- ${verb} ID`);
    const letters = await found(box, ids);
    if (verb === 'replay') return await replay(box, letters, print);
    for (const letter of letters) {
      if (verb === 'show') print(letterText(letter, await box.payload(letter)));
      else print(`${letter.id}  ${(await box.discard(letter)) ? 'discarded' : `is ${letter.state} already`}`);
    }
    return 0;
  } finally {
    await box.close();
  }
}

/** @throws naming what is not there, before anything was done */
async function found(box: DeadLetterBox, ids: readonly string[]): Promise<Letter[]> {
  const letters: Letter[] = [];
  for (const id of ids) {
    const letter = isUuid(id) ? await box.find(id) : undefined;
    if (!letter) throw new Error(`there is no dead letter ${id}`);
    letters.push(letter);
  }
  return letters;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

runTool(main);
