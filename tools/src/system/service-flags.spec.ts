import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WORKSPACE_ROOT } from '../workspace-root.js';
import { SERVICE_FLAGS } from './service-flags.js';

describe('flags of services', () => {
  it('are the same in the image', () => {
    const dockerfile = readFileSync(join(WORKSPACE_ROOT, 'deploy/docker/Dockerfile'), 'utf8');
    const entrypoint = /^ENTRYPOINT (\[.*\])$/m.exec(dockerfile)?.[1] ?? '[]';
    expect(JSON.parse(entrypoint)).toEqual(['node', ...SERVICE_FLAGS]);
  });
});
