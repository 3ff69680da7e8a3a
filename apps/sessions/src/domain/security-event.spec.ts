import { describe, expect, it } from 'vitest';
import { isCritical, needsAttention } from './security-event.js';

describe('a security event', () => {
  it.each(['TamperDetectionActivated', 'InvalidFirmwareSignature', 'SecurityLogWasCleared'])(
    '%s is critical and somebody should look',
    (kind) => {
      expect([isCritical(kind), needsAttention(kind)]).toEqual([true, true]);
    },
  );

  it.each(['StartupOfTheDevice', 'ResetOrReboot'])(
    '%s is critical by the list, but an ordinary day',
    (kind) => {
      expect([isCritical(kind), needsAttention(kind)]).toEqual([true, false]);
    },
  );

  it('of a name that no list has is kept and wakes nobody', () => {
    expect([isCritical('AcmeDoorOpened'), needsAttention('AcmeDoorOpened')]).toEqual([false, false]);
  });
});
