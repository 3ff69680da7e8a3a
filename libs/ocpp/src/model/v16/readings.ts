// OCPP 1.6 MeterValue -> readings (section 7.33 MeterValue, 7.43 SampledValue).

import { children, text, type JsonObject } from '../../json.js';
import { readTime } from '../../wire-time.js';
import {
  DEFAULT_CONTEXT,
  DEFAULT_ENERGY_UNIT,
  DEFAULT_LOCATION,
  DEFAULT_MEASURAND,
  defaultUnit,
  type Reading,
} from '../reading.js';

export function readingsOf(meterValues: JsonObject[], receivedAt: Date): Reading[] {
  return meterValues.flatMap((meterValue) => {
    const measuredAt = readTime(meterValue['timestamp']) ?? receivedAt;
    return children(meterValue, 'sampledValue').map((sample) => readingOf(sample, measuredAt));
  });
}

function readingOf(sample: JsonObject, measuredAt: Date): Reading {
  const measurand = text(sample, 'measurand') ?? DEFAULT_MEASURAND;
  const value = text(sample, 'value') ?? '';
  const signed = text(sample, 'format') === 'SignedData';
  return {
    measuredAt,
    context: text(sample, 'context') ?? DEFAULT_CONTEXT,
    measurand,
    phase: text(sample, 'phase'),
    location: text(sample, 'location') ?? DEFAULT_LOCATION,
    unit: text(sample, 'unit') ?? defaultUnit(measurand),
    multiplier: 0,
    rawValue: signed ? '' : value.trim(),
    signed: signed ? { data: value, signingMethod: null, encodingMethod: null, publicKey: null } : null,
  };
}

/** meterStart and meterStop are readings of the import register, in Wh (sections 6.45 and 6.49). */
export function registerReading(
  wh: string,
  context: 'Transaction.Begin' | 'Transaction.End',
  measuredAt: Date,
): Reading {
  return {
    measuredAt,
    context,
    measurand: DEFAULT_MEASURAND,
    phase: null,
    location: DEFAULT_LOCATION,
    unit: DEFAULT_ENERGY_UNIT,
    multiplier: 0,
    rawValue: wh,
    signed: null,
  };
}
