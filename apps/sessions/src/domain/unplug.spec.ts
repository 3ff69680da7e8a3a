import { describe, expect, it } from 'vitest';
import { CONNECTOR_STATUSES } from './connector-status.js';
import { REFUSAL_TEXT } from './remote-start.js';
import { explainedRefusal, needsUnplug } from './unplug.js';

describe('a start in the plug of the session before', () => {
  it('Q46: needs the cable out first, when the station refuses it', () => {
    expect(explainedRefusal('STATION_REFUSED', 'FINISHING')).toBe('UNPLUG_FIRST');
    expect(REFUSAL_TEXT.UNPLUG_FIRST).toMatch(/plug/i);
  });

  it('Q46: is asked for all the same, and any other refusal stays what it is', () => {
    expect(CONNECTOR_STATUSES.filter(needsUnplug)).toEqual(['FINISHING']);
    expect(explainedRefusal('STATION_REFUSED', 'PREPARING')).toBe('STATION_REFUSED');
    for (const refusal of ['STATION_OFFLINE', 'STATION_SILENT', 'TOKEN_REFUSED'] as const)
      expect(explainedRefusal(refusal, 'FINISHING')).toBe(refusal);
  });
});
