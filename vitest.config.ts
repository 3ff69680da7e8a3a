import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

// Source is compiled by swc, not esbuild: esbuild drops the decorator metadata that injection needs.
// Workspace packages resolve to their source through the "kilowatch-source" export condition.
// 'import' is not named: it reaches the workers' Node as a flag, and there require() would load ES modules.
const conditions = ['kilowatch-source', 'node', 'default'];
// One copy of graphql: left alone, Vite takes its ESM build, while Apollo and graphql-ws get the CommonJS one from Node,
// and graphql refuses a schema of the other copy.
const alias = [
  { find: /^graphql$/, replacement: new URL('./node_modules/graphql/index.js', import.meta.url).pathname },
];
const shared = {
  plugins: [swc.vite({ swcrc: true, configFile: new URL('./.swcrc', import.meta.url).pathname })],
  resolve: { conditions, alias },
  ssr: { resolve: { conditions, externalConditions: ['node', 'default'] } },
};

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['apps/*/src/**/*.spec.ts', 'libs/*/src/**/*.spec.ts', 'tools/src/**/*.spec.ts'],
          exclude: ['apps/portal/**', '**/node_modules/**'],
          environment: 'node',
          testTimeout: 20_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          include: ['apps/*/test/**/*.itest.ts', 'libs/*/test/**/*.itest.ts', 'tools/test/**/*.itest.ts'],
          environment: 'node',
          globalSetup: ['libs/testing/src/vitest-infra.ts'],
          testTimeout: 90_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        ...shared,
        test: {
          name: 'system',
          include: ['e2e/**/*.e2e.ts'],
          environment: 'node',
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
