import { describe, expect, it } from 'vitest';
import { formatLogLine } from './log-format.js';

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
    expect(formatLogLine('auth', line, 0, false)).toBe(
      '03:54:15.361 auth            WARN  slow ms=7 what=hash',
    );
  });

  it('pass what is no JSON as it is', () => {
    expect(formatLogLine('auth', 'Error: no', 0, false)).toBe('auth            Error: no');
    expect(formatLogLine('auth', '{broken', 0, false)).toBe('auth            {broken');
  });
});
