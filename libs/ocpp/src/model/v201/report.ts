// OCPP 2.0.1 NotifyReport (use cases B07 and B08) -> one row per variable attribute.

import { child, children, integer, text, type JsonObject } from '../../json.js';
import { readTime } from '../../wire-time.js';
import type { CallContext, ReportedVariable, ReportMessage } from '../charger-message.js';
import { variablePlace } from './variable-place.js';

export function mapReport(payload: JsonObject, { receivedAt }: CallContext): ReportMessage {
  return {
    type: 'report',
    requestId: integer(payload, 'requestId') ?? 0,
    seqNo: integer(payload, 'seqNo') ?? 0,
    toBeContinued: payload['tbc'] === true,
    generatedAt: readTime(payload['generatedAt']) ?? receivedAt,
    variables: children(payload, 'reportData').flatMap(variablesOf),
  };
}

function variablesOf(entry: JsonObject): ReportedVariable[] {
  const characteristics = child(entry, 'variableCharacteristics') ?? {};
  return children(entry, 'variableAttribute').map((attribute) => ({
    ...variablePlace(entry),
    attributeType: text(attribute, 'type') ?? 'Actual',
    value: text(attribute, 'value'),
    mutability: text(attribute, 'mutability'),
    dataType: text(characteristics, 'dataType'),
    unit: text(characteristics, 'unit'),
    possibleValues: possibleValues(characteristics),
  }));
}

function possibleValues(characteristics: JsonObject): string | null {
  const words = text(characteristics, 'valuesList');
  if (words !== null) return words;
  const lowest = text(characteristics, 'minLimit');
  const highest = text(characteristics, 'maxLimit');
  return lowest === null && highest === null ? null : `${lowest ?? ''}..${highest ?? ''}`;
}
