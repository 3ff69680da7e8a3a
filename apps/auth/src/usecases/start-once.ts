import type { Tx } from '@kilowatch/platform';
import { decide, type Decision, type DecisionInput } from '../domain/decision.js';
import { findDecision } from '../persistence/decision.repository.js';
import { claimStart, heldStart } from '../persistence/token-start.repository.js';

/** Sessions tells of a start within a second. One that comes to nothing keeps its token from other stations for so long. */
const HELD_MS = 30_000;

export interface StartQuestion {
  readonly input: DecisionInput;
  /** Empty: each call decides anew. */
  readonly decisionKey: string;
  /** It began without us: whether anything else runs is told by the sessions. */
  readonly offline: boolean;
  readonly now: Date;
}

/**
 * T6: of starts at the same moment with a token that is not for several uses exactly one is accepted, whatever pods they are decided in.
 * What sessions knows to be open is in the input; this is about the moment before that.
 */
export async function decideStart(tx: Tx, tenant: string, question: StartQuestion): Promise<Decision> {
  const { input, decisionKey, offline, now } = question;
  const decision = decide(input);
  const { token, purpose, stationId, evseNumber, at } = input;
  if (!token || token.allowConcurrent || purpose !== 'START' || offline || decision.status !== 'ACCEPTED')
    return decision;
  // Asked again, it is answered with what is stored, and holds nothing any more.
  if (decisionKey !== '' && (await findDecision(tx, tenant, decisionKey))) return decision;
  const start = { tokenId: token.tokenId, stationId, evseNumber, startedAt: at, now };
  const heldUntil = new Date(now.getTime() + HELD_MS);
  if (await claimStart(tx, tenant, { ...start, heldUntil })) return decision;
  const held = await heldStart(tx, tenant, token.tokenId);
  const openSessions = [...token.openSessions, { sessionId: '', stationId: '', evseNumber: 0, ...held }];
  return decide({ ...input, token: { ...token, openSessions } });
}
