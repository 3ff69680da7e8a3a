import { describe, expect, it } from 'vitest';
import { recoveryMove, type ConnectorView, type Recovery, type RecoveryAttempt } from './recovery.js';

const NOW = new Date('2026-11-28T12:00:00Z');
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);

const faulted: ConnectorView = {
  online: true,
  inService: true,
  busy: false,
  changes: [{ status: 'FAULTED', at: ago(60).getTime() }],
};
const recovery = (tries: readonly RecoveryAttempt[] = [], over: Partial<Recovery> = {}): Recovery => ({
  trouble: 'STUCK_FAULTED',
  state: 'TRYING',
  tries,
  ...over,
});
const tried = (step: RecoveryAttempt['step'], minutes: number, outcome = 'ACCEPTED'): RecoveryAttempt => ({
  step,
  at: ago(minutes),
  outcome,
});

describe('helping a connector', () => {
  it('Q47: asks first, then restarts the connector, then calls a person', () => {
    expect(recoveryMove(recovery(), faulted, NOW)).toEqual({ kind: 'TRY', step: 'TRIGGER_STATUS' });
    const asked = [tried('TRIGGER_STATUS', 10)];
    expect(recoveryMove(recovery(asked), faulted, NOW)).toEqual({ kind: 'TRY', step: 'AVAILABILITY_CYCLE' });
    const all = [...asked, tried('AVAILABILITY_CYCLE', 5)];
    expect(recoveryMove(recovery(all), faulted, NOW)).toMatchObject({ kind: 'WAIT', state: 'PERSON' });
  });

  it('Q47: gives each step time to show', () => {
    const move = recoveryMove(recovery([tried('TRIGGER_STATUS', 1)]), faulted, NOW);
    expect(move).toEqual({ kind: 'WAIT', state: 'TRYING', ms: 180_000 });
  });

  it('Q47: is over when the connector is well again', () => {
    const well = { ...faulted, changes: [{ status: 'AVAILABLE', at: ago(1).getTime() }] };
    expect(recoveryMove(recovery([tried('TRIGGER_STATUS', 5)]), well, NOW)).toEqual({
      kind: 'END',
      state: 'RECOVERED',
    });
    expect(recoveryMove(recovery([], { state: 'PERSON' }), well, NOW)).toMatchObject({ state: 'RECOVERED' });
  });

  it('Q47: is dropped when somebody charges, and when an operator took it out of service', () => {
    const dropped = { kind: 'END', state: 'DROPPED' };
    expect(recoveryMove(recovery(), { ...faulted, busy: true }, NOW)).toEqual(dropped);
    expect(recoveryMove(recovery(), { ...faulted, inService: false }, NOW)).toEqual(dropped);
  });

  it('Q47: waits for a station that is away', () => {
    expect(recoveryMove(recovery(), { ...faulted, online: false }, NOW)).toMatchObject({
      kind: 'WAIT',
      state: 'TRYING',
    });
  });

  it('Q47: never leaves a connector out of service because we died in between', () => {
    const cut = recovery([{ step: 'AVAILABILITY_CYCLE', at: ago(2) }]);
    expect(recoveryMove(cut, faulted, NOW)).toEqual({ kind: 'BRING_BACK' });
    const well = { ...faulted, changes: [{ status: 'UNAVAILABLE', at: ago(1).getTime() }] };
    expect(recoveryMove(cut, well, NOW)).toEqual({ kind: 'BRING_BACK' });
  });
});
