import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { SCOPE_AREAS, scopesText } from './scope-words.js';

it('are those that the platform grants, without power over accounts, cards and clients', () => {
  const source = readFileSync(
    fileURLToPath(new URL('../../../../libs/platform/src/auth/permissions.ts', import.meta.url)),
    'utf8',
  );
  const granted = [...source.matchAll(/^ {2}'([a-z]+:(?:read|write))':/gm)]
    .map(([, name]) => name!)
    .filter((name) => !['accounts:write', 'cards:write', 'clients:write'].includes(name));
  const offered = SCOPE_AREAS.flatMap(({ area, actions }) => actions.map((action) => `${area}:${action}`));
  expect(granted.length).toBeGreaterThan(30);
  expect(offered).toEqual(granted);
});

it('are told by area, and as they are when they are new', () => {
  expect(scopesText(['tokens:write', 'sessions:read', 'tokens:read'])).toBe(
    'Sessions and reservations: see · Cards and decisions about them: see, change',
  );
  expect(scopesText(['weather:read'])).toBe('weather:read');
});
