import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'portal',
    include: ['src/**/*.spec.ts', 'src/**/*.spec.tsx', 'test/**/*.spec.ts'],
    environment: 'node',
  },
});
