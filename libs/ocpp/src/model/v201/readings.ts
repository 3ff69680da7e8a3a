// OCPP 2.0.1 and 2.1 MeterValueType -> readings (part 2 section 2, MeterValueType and SampledValueType).

import { child, children, integer, numberText, text, type JsonObject } from '../../json.js';
import { readTime } from '../../wire-time.js';
import {
  DEFAULT_CONTEXT,
  DEFAULT_LOCATION,
  DEFAULT_MEASURAND,
  defaultUnit,
  type Reading,
  type SignedValue,
} from '../reading.js';

export function readingsOf(meterValues: JsonObject[], receivedAt: Date): Reading[] {
  return meterValues.flatMap((meterValue) => {
    const measuredAt = readTime(meterValue['timestamp']) ?? receivedAt;
    return children(meterValue, 'sampledValue').map((sample) => readingOf(sample, measuredAt));
  });
}

function readingOf(sample: JsonObject, measuredAt: Date): Reading {
  const measurand = text(sample, 'measurand') ?? DEFAULT_MEASURAND;
  const unitOfMeasure = child(sample, 'unitOfMeasure') ?? {};
  const value = sample['value'];
  return {
    measuredAt,
    context: text(sample, 'context') ?? DEFAULT_CONTEXT,
    measurand,
    phase: text(sample, 'phase'),
    location: text(sample, 'location') ?? DEFAULT_LOCATION,
    unit: text(unitOfMeasure, 'unit') ?? defaultUnit(measurand),
    multiplier: integer(unitOfMeasure, 'multiplier') ?? 0,
    rawValue: typeof value === 'number' ? numberText(value) : '',
    signed: signedOf(child(sample, 'signedMeterValue')),
  };
}

function signedOf(signed: JsonObject | null): SignedValue | null {
  const data = signed && text(signed, 'signedMeterData');
  if (!signed || data === null) return null;
  return {
    data,
    signingMethod: text(signed, 'signingMethod'),
    encodingMethod: text(signed, 'encodingMethod'),
    publicKey: text(signed, 'publicKey'),
  };
}
