import { expect, it } from 'vitest';
import { freePort } from './ports.js';

it('nobody gets a port that another of this process was given a moment ago', async () => {
  const ports = await Promise.all(Array.from({ length: 500 }, freePort));
  expect(new Set(ports).size).toBe(500);
});
