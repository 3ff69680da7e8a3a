import { describe, expect, it } from 'vitest';
import { sheetRow } from './month-sheet.js';
import type { MonthSession } from './month-sessions.js';

const at = (text: string) => Date.parse(text);
const aSession = (
  full: string,
  end: string,
  readings: readonly (readonly [string, number])[],
): MonthSession => ({
  sessionId: 'S',
  stationId: 'C',
  transactionRef: '1',
  accountId: 'A',
  start: at(readings[0]![0]),
  full: at(full),
  end: at(end),
  wh: readings.at(-1)![1],
  readings: readings.map(([time, wh]) => ({ at: at(time), wh })),
});

describe('a row of the sheet', () => {
  it('is worked out by hand: a Monday evening over the step at 23:00, idle for an hour and a minute', () => {
    const session = aSession('2026-10-26T23:00:00Z', '2026-10-27T00:31:00Z', [
      ['2026-10-26T21:00:00Z', 0],
      ['2026-10-26T22:30:00Z', 9_000],
      ['2026-10-26T23:00:00Z', 10_050],
      ['2026-10-27T00:31:00Z', 10_050],
    ]);
    // 22:00 to 23:00 local: 6.000 kWh dear; 4.050 cheap, rounded up by 0.050 to 10.1 kWh in all. 61 minutes of idle: 5 quarters.
    // 0.35 + 6 x 0.4499 + 4.1 x 0.3199 + 5 x 0.60 = 7.36099; x 1.2 = 8.833188
    expect(sheetRow(session)).toEqual({ excl: 736n, incl: 883n });
  });

  it('is cheap on Saturdays, has no idle within the grace, and never less than the least price', () => {
    const session = aSession('2026-10-24T10:30:00Z', '2026-10-24T11:00:00Z', [
      ['2026-10-24T10:00:00Z', 0],
      ['2026-10-24T10:30:00Z', 250],
      ['2026-10-24T11:00:00Z', 250],
    ]);
    // 0.35 + 0.3 x 0.3199 = 0.44597
    expect(sheetRow(session)).toEqual({ excl: 100n, incl: 120n });
  });

  it('shares the energy between two registers by time, to whole milliwatt-hours', () => {
    const session = aSession('2026-10-27T06:20:00Z', '2026-10-27T06:20:00Z', [
      ['2026-10-27T05:50:00Z', 0],
      ['2026-10-27T06:20:00Z', 10_000],
    ]);
    // 10 of 30 minutes before 7:00: 3.333333 cheap, 6.666667 dear. 0.35 + 1.0663332... + 2.9993334... = 4.41566...; x 1.2 = 5.2988
    expect(sheetRow(session)).toEqual({ excl: 442n, incl: 530n });
  });
});
