import { OCPP_VERSIONS, type OcppVersion } from '@kilowatch/ocpp';
import { parseArgs } from 'node:util';
import type { Block } from './conformance-case.js';

export const HELP = `Usage: npm run conformance -- 1.6|2.0.1|2.1 [--only ID] [--json]
Plays the test cases of an OCPP version against a system of its own, over the public API and one scripted station for each case.
  --only ID   only cases whose id begins with ID (TC_B, TC_001); may be given more than once
  --json      the results as JSON
Ends with 1 when a case fails. Requirements and ids are those of the public test case lists, KW_ is our own.`;

export interface ConformanceOptions {
  readonly version: OcppVersion | undefined;
  readonly only: readonly string[];
  readonly json: boolean;
  readonly help: boolean;
}

export function conformanceOptionsFrom(args: readonly string[]): ConformanceOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      only: { type: 'string', multiple: true },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const [first] = positionals;
  const version = OCPP_VERSIONS.find((each) => each === first);
  if (first !== undefined && !version)
    throw new Error(`${first} is no OCPP version: ${OCPP_VERSIONS.join(', ')}`);
  const { only = [], json = false, help = false } = values;
  return { version, only, json, help };
}

/** Cases whose id begins with one of these; all of them without any. */
export function chosen(blocks: readonly Block[], only: readonly string[]): Block[] {
  if (only.length === 0) return [...blocks];
  return blocks
    .map(({ name, cases }) => ({
      name,
      cases: cases.filter(({ id }) => only.some((prefix) => id.startsWith(prefix))),
    }))
    .filter(({ cases }) => cases.length > 0);
}
