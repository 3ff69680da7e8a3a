// Charger answers -> OCPP 1.6 confirmations. 1.6 has five token states: a driver without credit or at the wrong place
// is Blocked, since Invalid makes some chargers block the card for good (docs/adr/0015-blocked-in-1-6.md).

import type { JsonObject } from '../../json.js';
import { wireTime } from '../../wire-time.js';
import type { ChargerAnswer, TokenAnswer, TokenStatus } from '../charger-answer.js';
import { transactionId } from './transaction-id.js';

const TOKEN_STATUS: Readonly<Record<TokenStatus, string>> = {
  Accepted: 'Accepted',
  Blocked: 'Blocked',
  ConcurrentTx: 'ConcurrentTx',
  Expired: 'Expired',
  Invalid: 'Invalid',
  NoCredit: 'Blocked',
  NotAllowedTypeEVSE: 'Blocked',
  NotAtThisLocation: 'Blocked',
  NotAtThisTime: 'Blocked',
  Unknown: 'Invalid',
};

const LONGEST_ID_TAG = 20;

export function answer16(action: string, answer: ChargerAnswer): JsonObject {
  switch (answer.type) {
    case 'boot':
      return {
        status: answer.status,
        currentTime: wireTime(answer.currentTime),
        interval: Math.max(1, Math.trunc(answer.intervalSeconds)),
      };
    case 'heartbeat':
      return { currentTime: wireTime(answer.currentTime) };
    case 'authorize':
      return { idTagInfo: idTagInfo(answer.token) };
    case 'transaction': {
      const info = answer.token === null ? {} : { idTagInfo: idTagInfo(answer.token) };
      if (action !== 'StartTransaction') return info;
      return {
        transactionId: transactionId(answer.transactionRef),
        idTagInfo: idTagInfo(answer.token ?? UNDECIDED),
      };
    }
    case 'dataTransfer':
      return { status: answer.status, ...(answer.data == null ? {} : { data: answer.data }) };
    case 'status':
      // The only question of 1.6 that is answered so; the others came with 2.x.
      return action === 'SignCertificate' ? { status: answer.status } : {};
    // Answers to messages that 1.6 does not have.
    case 'dynamicSchedule':
    case 'vatNumber':
    case 'contractCertificate':
    case 'certificateStatus':
    case 'chainStatus':
    case 'empty':
      return {};
  }
}

/** The answer must hold a status, and nobody said yes; some chargers take Invalid for good (Q43). */
const UNDECIDED: TokenAnswer = { status: 'Blocked' };

function idTagInfo(token: TokenAnswer): JsonObject {
  const info: JsonObject = { status: TOKEN_STATUS[token.status] };
  if (token.cacheExpiry) info['expiryDate'] = wireTime(token.cacheExpiry);
  // A longer group id cannot be said in 1.6; the central side still matches by it.
  if (token.groupId && token.groupId.length <= LONGEST_ID_TAG) info['parentIdTag'] = token.groupId;
  return info;
}
