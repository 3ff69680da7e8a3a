import { key16, settingKey, variableName, type SettingName } from '@kilowatch/ocpp';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_ATTEMPTS, planSettings, type PlanContext } from './settings-plan.js';
import {
  isDrift,
  standingOf,
  type ActualSetting,
  type SettingOutcome,
  type Standing,
  type WantedSetting,
} from './station-settings.js';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 2, minute));
const CONTEXT: PlanContext = { bootAt: at(0), firmware: '1.0', is16: true, itemsPerMessage: 3 };

const actual = (value: string | null, over: Partial<ActualSetting> = {}): ActualSetting => ({
  value,
  readOnly: false,
  known: true,
  reportedAt: at(5),
  ...over,
});

function wanted(
  over: Partial<WantedSetting> = {},
  name: SettingName = key16('HeartbeatInterval'),
): WantedSetting {
  return {
    key: settingKey(name),
    name,
    value: '300',
    secret: false,
    source: 'OPERATOR',
    outcome: 'PENDING',
    outcomeAt: null,
    firmware: '',
    attempts: 0,
    actual: null,
    ...over,
  };
}

describe('how a setting stands', () => {
  it.each<[string, Partial<WantedSetting>, Standing]>([
    ['nobody told the station', {}, 'PENDING'],
    ['a default that the station has anyway', { source: 'DEFAULT', actual: actual('300.0') }, 'IN_STEP'],
    ['an operator asked for what it has', { actual: actual('300') }, 'PENDING'],
    ['it is offline', { outcome: 'OFFLINE' }, 'PENDING'],
    ['accepted and not read back', { outcome: 'ACCEPTED', outcomeAt: at(3) }, 'IN_STEP'],
    [
      'accepted, and the last report is older',
      { outcome: 'ACCEPTED', outcomeAt: at(6), actual: actual('900') },
      'IN_STEP',
    ],
    [
      'accepted, and reported otherwise since',
      { outcome: 'ACCEPTED', outcomeAt: at(3), actual: actual('900') },
      'DRIFTED',
    ],
    ['accepted secret', { outcome: 'ACCEPTED', outcomeAt: at(3), secret: true, value: null }, 'IN_STEP'],
    ['accepted and not readable', { outcome: 'ACCEPTED', outcomeAt: at(3), actual: actual(null) }, 'IN_STEP'],
    [
      'waits for a reboot',
      { outcome: 'REBOOT_REQUIRED', outcomeAt: at(3), actual: actual('900') },
      'PENDING',
    ],
    [
      'rebooted since, nothing reported yet',
      {
        outcome: 'REBOOT_REQUIRED',
        outcomeAt: new Date(0),
        actual: actual('900', { reportedAt: new Date(0) }),
      },
      'IN_STEP',
    ],
    [
      'rebooted since, and reported otherwise',
      { outcome: 'REBOOT_REQUIRED', outcomeAt: new Date(0), actual: actual('900') },
      'DRIFTED',
    ],
    ['refused', { outcome: 'REJECTED', outcomeAt: at(3), actual: actual('900') }, 'REFUSED'],
    [
      'refused, and it is so by now',
      { outcome: 'REJECTED', outcomeAt: at(3), actual: actual('300') },
      'IN_STEP',
    ],
    ['there is no such setting', { outcome: 'NOT_SUPPORTED', outcomeAt: at(3) }, 'UNSUPPORTED'],
  ])('%s', (_name, over, standing) => {
    expect(standingOf(wanted(over), CONTEXT)).toBe(standing);
  });

  it('counts as drift unless it agrees or cannot', () => {
    const standings: Standing[] = ['IN_STEP', 'PENDING', 'DRIFTED', 'REFUSED', 'UNSUPPORTED'];
    expect(standings.filter(isDrift)).toEqual(['PENDING', 'DRIFTED', 'REFUSED']);
  });
});

describe('what is written', () => {
  it.each<[string, Partial<WantedSetting>, boolean]>([
    ['a wish', {}, true],
    ['a wish of when it was offline', { outcome: 'OFFLINE' }, true],
    ['what drifted', { outcome: 'ACCEPTED', outcomeAt: at(3), actual: actual('900'), attempts: 1 }, true],
    ['nothing that agrees', { outcome: 'ACCEPTED', outcomeAt: at(3), actual: actual('300') }, false],
    ['nothing that was tried too often', { attempts: MOST_ATTEMPTS }, false],
    ['nothing that can be read only', { actual: actual('900', { readOnly: true }) }, false],
    ['nothing that waits for a reboot', { outcome: 'REBOOT_REQUIRED', outcomeAt: at(3) }, false],
    ['nothing this firmware refused', { outcome: 'REJECTED', outcomeAt: at(3), firmware: '1.0' }, false],
    ['what another firmware refused', { outcome: 'REJECTED', outcomeAt: at(3), firmware: '0.9' }, true],
    ['what another firmware lacked', { outcome: 'NOT_SUPPORTED', outcomeAt: at(3), firmware: '0.9' }, true],
    ['no secret that was forgotten', { secret: true, value: null }, false],
    ['an unknown key, when an operator insists', { actual: actual(null, { known: false }) }, true],
    ['no default for an unknown key', { source: 'DEFAULT', actual: actual(null, { known: false }) }, false],
  ])('%s', (_name, over, written) => {
    expect(planSettings([wanted(over)], CONTEXT).batches.length === 1).toBe(written);
  });

  it('is one key at a time in 1.6, and as many variables as the station takes in 2.x', () => {
    const names = ['a', 'b', 'c', 'd'];
    const keys = names.map((name) => wanted({}, key16(name)));
    const variables = names.map((name) => wanted({}, variableName('C', name)));
    const sizes = (is16: boolean) =>
      planSettings([...keys, ...variables], { ...CONTEXT, is16 }).batches.map((batch) => batch.length);
    expect(sizes(true)).toEqual([1, 1, 1, 1]);
    expect(sizes(false)).toEqual([3, 1]);
  });

  it('is first what somebody asked for', () => {
    const all = [wanted({ source: 'DEFAULT' }, key16('a')), wanted({}, key16('b'))];
    expect(planSettings(all, CONTEXT).batches.map(([write]) => write?.name.variable)).toEqual(['b', 'a']);
  });

  it.each<[string, Partial<WantedSetting>, SettingOutcome]>([
    ['read only', { actual: actual('900', { readOnly: true }) }, 'REJECTED'],
    ['there as wanted', { source: 'DEFAULT', actual: actual('300') }, 'ACCEPTED'],
    ['not there', { source: 'DEFAULT', actual: actual(null, { known: false }) }, 'NOT_SUPPORTED'],
  ])('a setting that is %s is settled without asking', (_name, over, outcome) => {
    const plan = planSettings([wanted(over)], CONTEXT);
    expect(plan).toMatchObject({ batches: [], settled: [{ outcome }] });
  });
});

describe('carrying out the plan', () => {
  const values = fc.constantFrom('1', '2', 'true', 'A,B');
  const setting = fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    value: values,
    source: fc.constantFrom('OPERATOR' as const, 'DEFAULT' as const),
    outcome: fc.constantFrom<SettingOutcome>('PENDING', 'OFFLINE', 'ACCEPTED', 'REJECTED', 'NOT_SUPPORTED'),
    attempts: fc.integer({ min: 0, max: MOST_ATTEMPTS - 1 }),
    actual: fc.option(
      fc.record({
        value: fc.option(values),
        readOnly: fc.boolean(),
        known: fc.boolean(),
        reportedAt: fc.constant(at(5)),
      }),
    ),
  });
  const settings = fc
    .uniqueArray(setting, { selector: ({ name }) => name })
    .map((list) => list.map(({ name, ...over }) => wanted({ ...over, outcomeAt: at(3) }, key16(name))));

  it('leaves no drift on a station that takes everything, and never touches what can be read only', () => {
    fc.assert(
      fc.property(settings, (all) => {
        // Another firmware than the one that refused: everything may be tried.
        const plan = planSettings(all, CONTEXT);
        const settled = new Map(plan.settled.map(({ key, outcome }) => [key, outcome]));
        const written = new Set(plan.batches.flat().map(({ key }) => key));
        for (const { key } of all.filter((each) => each.actual?.readOnly))
          expect(written.has(key)).toBe(false);
        const after = all.map((each): WantedSetting => {
          const outcome = settled.get(each.key) ?? (written.has(each.key) ? 'ACCEPTED' : each.outcome);
          const firmware = settled.has(each.key) ? '1.0' : each.firmware;
          if (!written.has(each.key)) return { ...each, outcome, firmware };
          return {
            ...each,
            outcome,
            outcomeAt: at(9),
            firmware: '1.0',
            actual: actual(each.value, { reportedAt: at(9) }),
          };
        });
        const off = after.filter((each) => isDrift(standingOf(each, CONTEXT)));
        for (const each of off) expect(each.actual?.readOnly).toBe(true);
        expect(planSettings(after, CONTEXT).batches).toEqual([]);
      }),
    );
  });
});
