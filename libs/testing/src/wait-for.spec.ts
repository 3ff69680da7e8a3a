import { expect, it } from 'vitest';
import { waitFor } from './wait-for.js';

it('returns the first value that is something, zero included', async () => {
  const values = [undefined, false, null, 0];
  expect(await waitFor('a value', () => values.shift(), { everyMs: 1 })).toBe(0);
});

it('takes an error for "not yet" and names the last one when time is up', async () => {
  const failing = waitFor('the moon', () => Promise.reject(new Error('cloudy')), {
    timeoutMs: 20,
    everyMs: 1,
  });
  await expect(failing).rejects.toMatchObject({
    message: 'waited 20 ms in vain for the moon',
    cause: new Error('cloudy'),
  });
});
