import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import express, { Router, type RequestHandler } from 'express';

const NOT_BUILT = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Kilowatch</title></head>
<body><main><h1>Kilowatch</h1>
<p>The portal is not built. Build it with <code>npm run build</code>, then start again.</p>
<p>The GraphQL API is at <code>/graphql</code>.</p></main></body></html>
`;

/** Files with a hash in their name never change; pages are asked for anew each time. */
const FOREVER = 'public, max-age=31536000, immutable';
const EACH_TIME = 'no-cache';

/** The portal's files, and its index for every page of it (the portal routes by itself). */
export function portal(directory: string | undefined): Router {
  const router = Router();
  const root = directory === undefined ? undefined : resolve(directory);
  if (root === undefined || !existsSync(join(root, 'index.html')) || !statSync(root).isDirectory()) {
    router.get('/', (_request, response) => {
      response.set('cache-control', 'no-store').type('html').send(NOT_BUILT);
    });
    return router;
  }
  const assets = join(root, 'assets');
  router.use(
    express.static(root, {
      index: false,
      dotfiles: 'ignore',
      redirect: false,
      setHeaders: (response, file) => {
        response.setHeader('cache-control', file.startsWith(assets) ? FOREVER : EACH_TIME);
      },
    }),
  );
  router.use(history(root));
  return router;
}

function history(root: string): RequestHandler {
  return (request, response, next) => {
    const isPage = request.method === 'GET' || request.method === 'HEAD';
    // A last part with a dot is a file, and one that is there was sent above.
    const isFile = request.path.slice(request.path.lastIndexOf('/')).includes('.');
    if (!isPage || isFile || !request.accepts('html')) return next();
    response.set('cache-control', EACH_TIME).sendFile('index.html', { root });
  };
}
