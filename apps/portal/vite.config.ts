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
    // The gateway sends `default-src 'self'`: nothing may be inlined as a data: URL except images.
    assetsInlineLimit: 0,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/graphql': { target: BACKEND, ws: true } },
  },
});
