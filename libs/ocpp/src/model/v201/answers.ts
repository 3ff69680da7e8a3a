// Charger answers -> OCPP 2.0.1 and 2.1 responses.

import type { JsonObject } from '../../json.js';
import { wireTime } from '../../wire-time.js';
import type { ChargerAnswer, TokenAnswer } from '../charger-answer.js';

export function answer201(answer: ChargerAnswer): JsonObject {
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
      return {
        idTokenInfo: idTokenInfo(answer.token),
        ...(answer.certificateStatus == null ? {} : { certificateStatus: answer.certificateStatus }),
      };
    case 'transaction':
      return {
        ...(answer.totalCost == null ? {} : { totalCost: Number(answer.totalCost) }),
        ...(answer.token === null ? {} : { idTokenInfo: idTokenInfo(answer.token) }),
      };
    case 'dataTransfer':
      return { status: answer.status, ...(answer.data == null ? {} : { data: answer.data }) };
    case 'empty':
      return {};
  }
}

function idTokenInfo(token: TokenAnswer): JsonObject {
  const info: JsonObject = { status: token.status };
  if (token.cacheExpiry) info['cacheExpiryDateTime'] = wireTime(token.cacheExpiry);
  if (token.groupId) info['groupIdToken'] = { idToken: token.groupId, type: 'Central' };
  return info;
}
