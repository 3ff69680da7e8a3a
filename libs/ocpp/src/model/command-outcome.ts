// A charger's answer to a command -> accepted or not, and the word it used.

import { children, text, type JsonObject } from '../json.js';

export interface CommandOutcome {
  accepted: boolean;
  /** The charger's own status word; `Accepted` for answers that have none. */
  status: string;
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

export function commandOutcome(action: string, response: JsonObject): CommandOutcome {
  if (action === 'SetVariables')
    return firstRefusal(children(response, 'setVariableResult'), 'attributeStatus');
  if (action === 'SetVariableMonitoring')
    return firstRefusal(children(response, 'setMonitoringResult'), 'status');
  if (action === 'ClearVariableMonitoring') {
    return firstRefusal(children(response, 'clearMonitoringResult'), 'status');
  }
  // The status of these describes a stored thing, not our request.
  if (action === 'GetTransactionStatus' || action === 'GetVariables')
    return { accepted: true, status: 'Accepted' };
  const status = text(response, 'status') ?? 'Accepted';
  return { accepted: YES.has(status), status };
}

function firstRefusal(results: JsonObject[], key: string): CommandOutcome {
  const statuses = results.map((result) => text(result, key) ?? '');
  const status = statuses.find((word) => !YES.has(word)) ?? statuses[0] ?? 'Accepted';
  return { accepted: YES.has(status), status };
}
