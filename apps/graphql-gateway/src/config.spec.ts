import { loadConfig } from '@kilowatch/platform';
import { describe, expect, it } from 'vitest';
import { configShape } from './config.js';

const environment = {
  KW_SERVICE_SECRET: 'not used here',
  KW_SUPERGRAPH: 'type Query { a: Int }',
  KW_SUBGRAPHS: '{"sessions":"http://127.0.0.1:3000/graphql"}',
};

describe('configuration', () => {
  it('needs the supergraph, the addresses and the secret of all services only', () => {
    expect(loadConfig(configShape, environment)).toMatchObject({
      KW_PUBLIC_PORT: 4000,
      KW_SUBGRAPHS: { sessions: 'http://127.0.0.1:3000/graphql' },
      KW_QUERY_MAX_DEPTH: 8,
      KW_QUERY_MAX_COST: 5_000,
    });
  });

  it.each([
    ['no JSON', 'sessions=http://x'],
    ['a list', '["http://x"]'],
    ['no address', '{"sessions":"x"}'],
    ['an address that is no http', '{"sessions":"file:///etc/passwd"}'],
  ])('refuses subgraphs that are %s', (_what, text) => {
    expect(() => loadConfig(configShape, { ...environment, KW_SUBGRAPHS: text })).toThrow(/KW_SUBGRAPHS/);
  });
});
