// Charger answers -> OCPP 2.0.1 and 2.1 responses.

import type { JsonObject } from '../../json.js';
import { wireTime } from '../../wire-time.js';
import type { ChargerAnswer, StatusReason, TokenAnswer } from '../charger-answer.js';
import { present } from '../command-call.js';
import { certificateStatusAnswer, chainStatusAnswer, contractCertificateAnswer } from './contracts.js';
import { scheduleUpdate } from './schedule-update.js';

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
        ...(answer.maxCost == null ? {} : { transactionLimit: { maxCost: Number(answer.maxCost) } }),
      };
    case 'dataTransfer':
      return { status: answer.status, ...(answer.data == null ? {} : { data: answer.data }) };
    case 'status':
      return { status: answer.status, ...statusInfo(answer.reason) };
    case 'dynamicSchedule':
      if (answer.limits === null) return { status: 'Rejected', ...statusInfo({ code: 'UnknownProfile' }) };
      return { status: 'Accepted', scheduleUpdate: scheduleUpdate(answer.limits) };
    case 'vatNumber':
      return {
        status: answer.accepted ? 'Accepted' : 'Rejected',
        vatNumber: answer.vatNumber.slice(0, LONGEST_VAT_NUMBER),
        ...(answer.evseNumber === null || answer.evseNumber < 0 ? {} : { evseId: answer.evseNumber }),
        ...(answer.company === null ? {} : { company: present({ ...answer.company }) as JsonObject }),
        ...statusInfo(answer.reason),
      };
    case 'contractCertificate':
      return contractCertificateAnswer(answer, statusInfo);
    case 'certificateStatus':
      return certificateStatusAnswer(answer, statusInfo);
    case 'chainStatus':
      return chainStatusAnswer(answer);
    case 'empty':
      return {};
  }
}

const LONGEST_VAT_NUMBER = 20;
const LONGEST_REASON = 20;
/** Of 2.0.1; 2.1 takes more. */
const LONGEST_REASON_TEXT = 512;

function statusInfo(reason: StatusReason | null | undefined): JsonObject {
  if (!reason) return {};
  const additionalInfo = reason.text ? { additionalInfo: reason.text.slice(0, LONGEST_REASON_TEXT) } : {};
  return { statusInfo: { reasonCode: reason.code.slice(0, LONGEST_REASON), ...additionalInfo } };
}

function idTokenInfo(token: TokenAnswer): JsonObject {
  const info: JsonObject = { status: token.status };
  if (token.cacheExpiry) info['cacheExpiryDateTime'] = wireTime(token.cacheExpiry);
  if (token.groupId) info['groupIdToken'] = { idToken: token.groupId, type: 'Central' };
  if (token.evseNumbers && token.evseNumbers.length > 0) info['evseId'] = [...token.evseNumbers];
  const [language = ''] = LANGUAGE.exec(token.language ?? '') ?? [];
  if (language) info['language1'] = language;
  return info;
}

/** RFC 5646, at most eight characters; what is longer is said without what follows. */
const LANGUAGE = /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,4})?(?![A-Za-z0-9])/;
