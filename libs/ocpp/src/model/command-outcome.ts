// A charger's answer to a command -> accepted or not, and the word it used.

import { children, text, type JsonObject } from '../json.js';

export interface CommandOutcome {
  accepted: boolean;
  /** The charger's own status word; `Accepted` for answers that have none. */
  status: string;
  /** False: the answer has no such word. Where the version asks for one, nobody knows what the charger did. */
  isTold: boolean;
}

/** Words that mean yes. Scheduled: the charger will do it after the running transaction, which is success. */
const YES: ReadonlySet<string> = new Set([
  'Accepted',
  'AcceptedCanceled',
  'RebootRequired',
  'Scheduled',
  'Unlocked',
  'Unpublished',
]);

const ACCEPTED: CommandOutcome = { accepted: true, status: 'Accepted', isTold: true };

export function commandOutcome(action: string, response: JsonObject): CommandOutcome {
  if (action === 'SetVariables')
    return firstRefusal(children(response, 'setVariableResult'), 'attributeStatus');
  if (action === 'SetVariableMonitoring')
    return firstRefusal(children(response, 'setMonitoringResult'), 'status');
  if (action === 'ClearVariableMonitoring')
    return firstRefusal(children(response, 'clearMonitoringResult'), 'status');
  if (action === 'ClearTariffs') {
    // A tariff that was not there is gone, as was wanted.
    const results = children(response, 'clearTariffsResult');
    const refused = results.filter((result) => text(result, 'status') !== 'NoTariff');
    return results.length > 0 && refused.length === 0 ? ACCEPTED : firstRefusal(refused, 'status');
  }
  // The status of these describes a stored thing, not our request.
  if (action === 'GetTransactionStatus' || action === 'GetVariables') return ACCEPTED;
  return told(text(response, 'status'));
}

function firstRefusal(results: JsonObject[], key: string): CommandOutcome {
  const statuses = results.map((result) => text(result, key) ?? '');
  return told(statuses.find((word) => !YES.has(word)) ?? statuses[0]);
}

function told(status: string | null | undefined): CommandOutcome {
  const word = status || 'Accepted';
  return { accepted: YES.has(word), status: word, isTold: word === status };
}
