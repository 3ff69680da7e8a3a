import type { RecordedLine } from '../recording.js';
import { commandRecorders } from './commands.js';
import { messageRecorders } from './messages.js';
import { offlineRecorders } from './offline.js';
import type { Recorder } from './recorder.js';
import { sessionRecorders } from './sessions.js';
import { toleratedRecorders } from './tolerated.js';

const SCRIPTS: Readonly<Record<string, () => readonly Recorder[]>> = {
  'synthetic-21-sessions.jsonl': sessionRecorders,
  'synthetic-21-offline.jsonl': offlineRecorders,
  'synthetic-21-messages.jsonl': messageRecorders,
  'synthetic-21-commands.jsonl': commandRecorders,
  'synthetic-21-tolerated.jsonl': toleratedRecorders,
};

/** The synthetic recordings of OCPP 2.1 by file name, each with its lines. The same each time: no clock, no randomness. */
export function syntheticRecordings(): ReadonlyMap<string, readonly RecordedLine[]> {
  return new Map(
    Object.entries(SCRIPTS).map(([name, record]) => [name, record().flatMap(({ lines }) => lines)]),
  );
}

/** As it stands in its file. */
export function textOf(lines: readonly RecordedLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
