import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The running platform a developer's portal talks to (`npm start`, or the mock server on the same port). */
const BACKEND = 'http://127.0.0.1:4000';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    sourcemap: false,
    // The gateway sends `default-src 'self'`: nothing becomes a data: URL.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Changes seldom, so it stays in the browser's cache over releases of the pages.
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|react-router|scheduler)\// },
            {
              name: 'graphql',
              test: /node_modules\/(@apollo|graphql|graphql-tag|graphql-ws|rxjs|optimism|@wry)\//,
            },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/graphql': { target: BACKEND, ws: true } },
  },
});
