import { describe, expect, it } from 'vitest';
import { formatLogLine } from './log-format.js';

const first = () => 0;

describe('log lines for people', () => {
  it('show time, service, level, message and the remaining fields', () => {
    const line = JSON.stringify({
      level: 'warn',
      time: '2026-11-21T03:54:15.361Z',
      service: 'auth',
      msg: 'slow',
      ms: 7,
      what: 'hash',
    });
    expect(formatLogLine('auth', line, first, false)).toBe(
      '03:54:15.361 auth            WARN  slow ms=7 what=hash',
    );
  });

  it('name the service, not the process that it shares with others', () => {
    const line = JSON.stringify({
      level: 'info',
      time: '2026-11-21T03:54:15.361Z',
      service: 'metering',
      msg: 'up',
    });
    expect(formatLogLine('together', line, first, false)).toBe('03:54:15.361 metering        INFO  up');
  });

  it('pass what is no JSON as it is', () => {
    expect(formatLogLine('auth', 'Error: no', first, false)).toBe('auth            Error: no');
    expect(formatLogLine('auth', '{broken', first, false)).toBe('auth            {broken');
  });
});
