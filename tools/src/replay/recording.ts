import { readFileSync } from 'node:fs';

export type Frame = readonly [number, string, ...unknown[]];

/** One line of a recording: a socket event or a frame in one of the two directions. */
export interface RecordedLine {
  readonly id: string;
  readonly ev?: 'open' | 'close' | 'ping';
  readonly dir?: 'cs->csms' | 'csms->cs';
  readonly frame?: Frame;
  readonly url?: string;
  readonly protocol?: string;
  readonly offered?: string;
  readonly code?: number;
  /** With `open`: the kinds of deviations that the charger's frames have, none left out. */
  readonly deviations?: readonly string[];
}

export interface RecordedConnection {
  readonly station: string;
  /** Subprotocols as offered, in their order. */
  readonly offered: readonly string[];
  /** What was agreed on. */
  readonly protocol: string;
  readonly lines: readonly RecordedLine[];
  /** 1006 and the like: the charger vanished without a close frame. */
  readonly closeCode: number | undefined;
  /** The kinds of deviations its station declares; undefined: nobody looked. */
  readonly deviations: readonly string[] | undefined;
}

/** Reads a recording (JSON lines) into its connections, in the order they were opened. @throws naming the bad line */
export function readRecording(file: string): RecordedConnection[] {
  const connections: (Omit<RecordedConnection, 'lines' | 'closeCode'> & {
    lines: RecordedLine[];
    closeCode: number | undefined;
  })[] = [];
  const open = new Map<string, (typeof connections)[number]>();
  readFileSync(file, 'utf8')
    .split('\n')
    .forEach((text, index) => {
      if (text.trim() === '') return;
      const line = parse(text, index + 1);
      if (line.ev === 'open') {
        const connection = {
          station: line.id,
          offered: (line.offered ?? line.protocol ?? '').split(',').map((part) => part.trim()),
          protocol: line.protocol ?? '',
          lines: [],
          closeCode: undefined,
          deviations: line.deviations,
        };
        connections.push(connection);
        open.set(line.id, connection);
      } else if (line.ev === 'close') {
        const connection = open.get(line.id);
        if (connection) connection.closeCode = line.code;
        open.delete(line.id);
      } else {
        open.get(line.id)?.lines.push(line);
      }
    });
  return connections;
}

function parse(text: string, number: number): RecordedLine {
  try {
    const line = JSON.parse(text) as RecordedLine;
    if (typeof line.id !== 'string') throw new Error('no station id');
    return line;
  } catch (error) {
    throw new Error(
      `line ${number} is no recorded frame: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Calls the charger made, with the answer it got in the recording (undefined when none is recorded). */
export function chargerCalls(
  connection: RecordedConnection,
): { action: string; payload: Record<string, unknown>; answer: Record<string, unknown> | undefined }[] {
  const answers = new Map<string, Record<string, unknown>>();
  for (const { dir, frame } of connection.lines) {
    if (dir === 'csms->cs' && frame?.[0] === 3)
      answers.set(frame[1], (frame[2] ?? {}) as Record<string, unknown>);
  }
  return connection.lines.flatMap(({ dir, frame }) =>
    dir === 'cs->csms' && frame?.[0] === 2
      ? [
          {
            action: String(frame[2]),
            payload: (frame[3] ?? {}) as Record<string, unknown>,
            answer: answers.get(frame[1]),
          },
        ]
      : [],
  );
}
