import { Secret, notFound } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.js';

function capture() {
  const lines: string[] = [];
  const log = createLogger({
    service: 'billing',
    level: 'debug',
    destination: { write: (line) => void lines.push(line) },
  });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> };
}

describe('log', () => {
  it('writes JSON with service, level name and ISO time', () => {
    const { log, last } = capture();
    log.info({ stationId: 's1' }, 'station connected');
    expect(last()).toMatchObject({
      service: 'billing',
      level: 'info',
      msg: 'station connected',
      stationId: 's1',
    });
    expect(last()['time']).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('hides secrets by type and by name, however deep', () => {
    const { log, lines } = capture();
    log.info(
      {
        key: new Secret('canary-1'),
        a: { b: { password: 'canary-2' } },
        headers: { authorization: 'canary-3' },
      },
      'x',
    );
    expect(lines.join()).not.toContain('canary');
  });

  it('keeps kind and code of an error but not the statement or its parameters', () => {
    const { log, last, lines } = capture();
    const cause = Object.assign(new Error('duplicate'), {
      code: '23505',
      parameters: ['canary'],
      query: 'canary',
    });
    const error = Object.assign(notFound('BILLING_NO_TARIFF', 'There is no tariff.'), { cause });
    log.error({ err: error }, 'failed');
    expect(last()['err']).toMatchObject({
      kind: 'NOT_FOUND',
      code: 'BILLING_NO_TARIFF',
      cause: { code: '23505' },
    });
    expect(lines.join()).not.toContain('canary');
  });

  it('escapes control characters so that a value cannot forge a line', () => {
    const { log, lines } = capture();
    log.info({ identity: 'CP1\n{"level":"fatal"}' }, 'odd');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toContain('\n');
  });
});
