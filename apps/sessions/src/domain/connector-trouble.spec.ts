import { describe, expect, it } from 'vitest';
import { nextRecovery, troubleOf, type RecoveryTry, type StatusChange } from './connector-trouble.js';

const minute = (n: number) => n * 60_000;
const changes = (...list: [minutes: number, status: string][]): StatusChange[] =>
  list.map(([at, status]) => ({ at: minute(at), status }));
/** Plugged and unplugged each minute. */
const flapping = (times: number) =>
  changes(
    ...Array.from({ length: times * 2 }, (_, i): [number, string] => [
      i / 2,
      i % 2 ? 'AVAILABLE' : 'PREPARING',
    ]),
  );

describe('trouble of a connector without a session', () => {
  it('Q47: is a plug that comes and goes four times in ten minutes', () => {
    expect(troubleOf(flapping(3), minute(5))).toBeUndefined();
    expect(troubleOf(flapping(4), minute(5))).toBe('PHANTOM_PLUG');
    expect(troubleOf(flapping(4), minute(60))).toBeUndefined();
  });

  it.each([
    ['FINISHING', 719, undefined],
    ['FINISHING', 720, 'STUCK_FINISHING'],
    ['FAULTED', 14, undefined],
    ['FAULTED', 15, 'STUCK_FAULTED'],
    ['AVAILABLE', 9_999, undefined],
    ['UNAVAILABLE', 9_999, undefined],
  ] as const)('Q47: %s for %d minutes is %s', (status, minutes, trouble) => {
    expect(troubleOf(changes([-5, 'PREPARING'], [0, status]), minute(minutes))).toBe(trouble);
  });

  it('knows nothing of a connector that said nothing', () => {
    expect(troubleOf([], minute(1))).toBeUndefined();
  });
});

describe('recovery', () => {
  const tried = (...steps: RecoveryTry['step'][]): RecoveryTry[] =>
    steps.map((step, i) => ({ step, at: minute(i * 5) }));

  it('Q47: goes from what disturbs nobody to what might, each step once, and ends with a person', () => {
    const steps = ['TRIGGER_STATUS', 'AVAILABILITY_CYCLE', 'UNLOCK'] as const;
    for (let i = 0; i < steps.length; i++)
      expect(nextRecovery('STUCK_FINISHING', tried(...steps.slice(0, i)), minute(60))).toBe(steps[i]);
    expect(nextRecovery('STUCK_FINISHING', tried(...steps), minute(60))).toBe('CALL_A_PERSON');
  });

  it.each(['PHANTOM_PLUG', 'STUCK_FAULTED'] as const)(
    'Q47: does not unlock a connector that is %s',
    (trouble) => {
      expect(nextRecovery(trouble, tried('TRIGGER_STATUS', 'AVAILABILITY_CYCLE'), minute(60))).toBe(
        'CALL_A_PERSON',
      );
    },
  );

  it('Q47: waits for a step to show', () => {
    expect(nextRecovery('STUCK_FAULTED', tried('TRIGGER_STATUS'), minute(2))).toBeUndefined();
    expect(nextRecovery('STUCK_FAULTED', tried('TRIGGER_STATUS'), minute(3))).toBe('AVAILABILITY_CYCLE');
  });
});
