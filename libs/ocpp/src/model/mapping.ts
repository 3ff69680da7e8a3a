// The way from a version's payloads to the one model and back. 2.1 shares the mapping of 2.0.1.

import type { JsonObject } from '../json.js';
import type { OcppVersion } from '../version.js';
import type { ChargerAnswer } from './charger-answer.js';
import type { CallContext, MappedCall } from './charger-message.js';
import type { Command, CommandCall } from './command.js';
import { answer16 } from './v16/answers.js';
import { commandCall16 } from './v16/commands.js';
import { mapCall16 } from './v16/messages.js';
import { answer201 } from './v201/answers.js';
import { commandCall201 } from './v201/commands.js';
import { mapCall201 } from './v201/messages.js';

/** `payload` has passed validateInbound. Actions without a mapping become `other`. */
export function mapCall(
  version: OcppVersion,
  action: string,
  payload: JsonObject,
  context: CallContext,
): MappedCall {
  return version === '1.6' ? mapCall16(action, payload, context) : mapCall201(action, payload, context);
}

/** The CALLRESULT payload for our answer to `action`. Check it with validateOutbound before sending. */
export function answerPayload(version: OcppVersion, action: string, answer: ChargerAnswer): JsonObject {
  return version === '1.6' ? answer16(action, answer) : answer201(answer);
}

/** The CALL for a command. Throws INVALID when no charger of the version could take it. */
export function commandCall(version: OcppVersion, command: Command): CommandCall {
  return version === '1.6' ? commandCall16(command) : commandCall201(command);
}
