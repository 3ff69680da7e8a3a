import type { JsonObject } from '@kilowatch/ocpp';
import type { CaseContext } from '../case-context.js';
import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds } from '../judge.js';
import type { CommandResult } from '../platform-view.js';
import { status, type Reply, type Responder } from '../reply.js';

export interface CommandCase {
  readonly id: string;
  readonly requirement: string;
  readonly title: string;
  readonly action: string;
  /** Given: `sendCommand` with it, and the frame is this exactly. */
  readonly payload?: JsonObject | ((context: CaseContext) => JsonObject);
  /** Given: this mutation instead, and the frame holds `frame`. */
  readonly order?: readonly [mutation: string, input: Record<string, unknown>];
  readonly frame?: JsonObject;
  /** The station's own word as the operator sees it: its reply and the outcome follow from it. */
  readonly word?: string;
  /** Default: `{ status: word }`, where no word is given `{ status: 'Accepted' }`. */
  readonly reply?: Reply | Responder;
  /** Default: as the word is; without one ACCEPTED. */
  readonly outcome?: CommandResult['outcome'];
  /** Before the command. */
  readonly first?: (context: CaseContext) => Promise<unknown>;
  /** After it. */
  readonly then?: (context: CaseContext, told: CommandResult, sent: JsonObject) => Promise<unknown>;
}

/** Words of a station that mean it did what it was told, now or later. */
const YES: ReadonlySet<string> = new Set([
  'Accepted',
  'AcceptedCanceled',
  'RebootRequired',
  'Scheduled',
  'Unlocked',
  'Unpublished',
]);

/** A person orders, the frame is right, the station answers, the person is told what it said. */
export function commandCase(spec: CommandCase): ConformanceCase {
  const { id, requirement, title, action, order, word = 'Accepted' } = spec;
  const { reply = status(word), outcome = YES.has(word) ? 'ACCEPTED' : 'REJECTED' } = spec;
  return {
    id,
    requirement,
    title,
    run: async (context) => {
      await spec.first?.(context);
      const payload = typeof spec.payload === 'function' ? spec.payload(context) : (spec.payload ?? {});
      const { sent, told } = await context.exchange(action, reply, () =>
        order ? context.order(...order) : context.send(action, payload),
      );
      if (order) holds(action, sent, spec.frame ?? {});
      else equals(action, sent, payload);
      equals('the outcome', told.outcome, outcome);
      if (spec.word !== undefined) equals('the status', told.status, spec.word);
      await spec.then?.(context, told, sent);
    },
  };
}

/** What breaks the schema of its action is refused, and the station hears nothing of it. */
export function neverSent(
  id: string,
  requirement: string,
  title: string,
  action: string,
  payload: JsonObject,
): ConformanceCase {
  return {
    id,
    requirement,
    title,
    run: async (context) => {
      const refusal = await context.refusal(() => context.send(action, payload));
      equals('the refusal', refusal, 'BAD_USER_INPUT');
      equals(`${action} sent`, context.station.count(action), 0);
    },
  };
}

export type AnsweredRow = readonly [
  id: string,
  title: string,
  action: string,
  payload: JsonObject | ((context: CaseContext) => JsonObject),
  /** The status of the station's answer; Accepted when left out. */
  word?: string,
];

/** Commands of `sendCommand` that differ in what is sent and in the station's word. */
export function answeredCommands(requirement: string, rows: readonly AnsweredRow[]): ConformanceCase[] {
  return rows.map(([id, title, action, payload, word = 'Accepted']) =>
    commandCase({
      id,
      requirement,
      title,
      action,
      payload,
      word,
    }),
  );
}

export type OrderedRow = readonly [
  id: string,
  title: string,
  mutation: string,
  input: Record<string, unknown>,
  action: string,
  frame: JsonObject,
  word?: string,
];

/** The same for mutations of their own. */
export function orderedCommands(requirement: string, rows: readonly OrderedRow[]): ConformanceCase[] {
  return rows.map(([id, title, mutation, input, action, frame, word = 'Accepted']) =>
    commandCase({
      id,
      requirement,
      title,
      action,
      order: [mutation, input],
      frame,
      word,
    }),
  );
}
