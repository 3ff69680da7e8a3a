import { describe, expect, it } from 'vitest';
import { benchOptions } from './bench-options.js';

describe('options of the bench', () => {
  it('measure everything unless told otherwise', () => {
    const options = benchOptions(['ocpp'])!;
    expect([...options.parts]).toEqual(['closed', 'history', 'open-loop', 'join', 'idle']);
    expect(options).toMatchObject({
      seconds: 15,
      messagesPerSecond: 500,
      joining: 500,
      idleConnections: 5_000,
      together: false,
    });
  });

  it('have a short form without history, whose figures can still be set', () => {
    const options = benchOptions(['ocpp', '--quick', '--connections', '2000'])!;
    expect([...options.parts]).toEqual(['closed', 'open-loop', 'join', 'idle']);
    expect(options).toMatchObject({ seconds: 5, joining: 100, idleConnections: 2_000 });
  });

  it('store more for the curves of metering, unless told otherwise', () => {
    expect(benchOptions(['ocpp'])!.history).toBe(1_000_000);
    expect(benchOptions(['metering'])).toMatchObject({ what: 'metering', history: 5_000_000 });
    expect(benchOptions(['metering', '--history', '20000000'])!.history).toBe(20_000_000);
  });

  it('choose parts', () => {
    expect([...benchOptions(['ocpp', '--part', 'join,idle'])!.parts]).toEqual(['join', 'idle']);
  });

  it.each([
    [['ocpp', '--part', 'joins'], /--part knows closed, .*, not joins/],
    [['ocpp', '--rate', 'fast'], /--rate wants a number above 0, not fast/],
    [['ocpp', '--connections', '0'], /--connections wants a number above 0/],
    [['ocpp', '--joining', '1.5'], /--joining wants a whole number/],
    [['http'], /what shall be measured/],
    [['billing', '--together'], /--together is for ocpp/],
  ])('refuse %s', (args, message) => {
    expect(() => benchOptions(args)).toThrow(message);
  });

  it('ask for help', () => {
    expect(benchOptions(['--help'])).toBeUndefined();
  });
});
