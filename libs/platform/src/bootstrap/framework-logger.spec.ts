import { internal, notFound } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../log/logger.js';
import { frameworkLogger } from './framework-logger.js';

describe('frameworkLogger', () => {
  it('logs bugs and stays silent about expected refusals', () => {
    const lines: string[] = [];
    const logger = frameworkLogger(
      createLogger({ service: 'test', destination: { write: (line) => void lines.push(line) } }),
    );
    logger.error(notFound('X', 'not there'));
    logger.error(internal('BUG_ONE', 'oops'));
    logger.error(new Error('bug two'));
    expect(lines.map((line) => (JSON.parse(line) as { err: { message: string } }).err.message)).toEqual([
      'BUG_ONE: oops',
      'bug two',
    ]);
  });
});
