import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { SERVICES } from '../system/services.js';
import { WORKSPACE_ROOT } from '../workspace-root.js';
import { dockerfileProblems, instructions } from './dockerfile.js';

const text = readFileSync(path.join(WORKSPACE_ROOT, 'deploy/docker/Dockerfile'), 'utf8');
const inContext = (file: string) => existsSync(path.join(WORKSPACE_ROOT, file));

describe('the image', () => {
  it('is pinned, runs as another user than root, keeps no secret and copies what is there', () => {
    expect(dockerfileProblems(text, inContext)).toEqual([]);
  });

  it('is built from a context that has every workspace of the lock file', () => {
    const { workspaces } = JSON.parse(readFileSync(path.join(WORKSPACE_ROOT, 'package.json'), 'utf8')) as {
      workspaces: string[];
    };
    const ignored = readFileSync(path.join(WORKSPACE_ROOT, '.dockerignore'), 'utf8').split('\n');
    for (const workspace of workspaces.map((entry) => entry.replace('/*', ''))) {
      expect(ignored).not.toContain(workspace);
      if (ignored.includes(`${workspace}/**`)) expect(ignored).toContain(`!${workspace}/package.json`);
    }
  });

  it('leaves secrets, dependencies and builds of the checkout out of the context', () => {
    const ignored = readFileSync(path.join(WORKSPACE_ROOT, '.dockerignore'), 'utf8').split('\n');
    expect(ignored).toEqual(
      expect.arrayContaining(['.git', '.kilowatch', '**/node_modules', '**/dist', '**/.env*', '**/*.pem']),
    );
  });

  it('names a service that exists in its hint', () => {
    const hint = instructions(text).findLast(({ name }) => name === 'CMD')?.argument;
    expect(SERVICES.map(({ name }) => name)).toContain(/apps\/([\w-]+)\//.exec(hint ?? '')?.[1]);
  });
});

describe('the judge of Dockerfiles', () => {
  const good = 'FROM node:24-slim AS base\nFROM base\nUSER 10001\nENTRYPOINT ["node"]\nCMD ["x"]\n';

  it('has nothing against a good one', () => {
    expect(dockerfileProblems(good, () => true)).toEqual([]);
  });

  it.each([
    ['no version', good.replace('node:24-slim', 'node')],
    ['latest', good.replace('24-slim', 'latest')],
    ['an empty version from an argument', good.replace('node:24-slim', 'node${TAG}')],
    ['root', good.replace('USER 10001\n', '')],
    ['user 0', good.replace('10001', '0:0')],
    ['a named user, which runAsNonRoot cannot check', good.replace('10001', 'node')],
    ['a user of an earlier stage only', `FROM node:24\nUSER 5\n${good.replace('USER 10001\n', '')}`],
    ['a shell', good.replace('["node"]', 'node')],
    ['a secret', good.replace('USER', 'ENV NPM_TOKEN=x\nUSER')],
    ['an unknown stage', good.replace('USER', 'COPY --from=builder /app/x x\nUSER')],
    ['a missing path', good.replace('USER', 'COPY missing ./\nUSER')],
    ['ADD', good.replace('USER', 'ADD https://example.com/x /x\nUSER')],
  ])('finds %s', (_, dockerfile) => {
    expect(dockerfileProblems(dockerfile, (file) => file !== 'missing')).toHaveLength(1);
  });

  it('joins continued lines and skips comments', () => {
    expect(instructions('# FROM x\nRUN a \\\n  && b\n')).toEqual([{ name: 'RUN', argument: 'a  && b' }]);
  });
});
