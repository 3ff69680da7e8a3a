import { readdirSync, readFileSync } from 'node:fs';
import type { OcppVersion } from '@kilowatch/ocpp';

export interface RecordedFrame {
  readonly version: OcppVersion;
  readonly frame: readonly unknown[];
}

const FOLDER = new URL('../../../ocpp/src/transcripts/', import.meta.url);

/** Frames of real charger programs (libs/ocpp/src/transcripts/SOURCES.md). */
export function recordedFrames(): RecordedFrame[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => readFileSync(new URL(name, FOLDER), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RecordedFrame);
}
