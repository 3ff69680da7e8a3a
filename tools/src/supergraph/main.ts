// `npm run supergraph [-- --check]`: composes apps/*/src/transport/graphql/*.graphql into the supergraph the gateway loads.
// The routing URLs in the file are placeholders (http://<app>:3000/graphql); the gateway replaces them with its configuration.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { composeServices } from '@apollo/composition';
import { subgraphSdl } from '@kilowatch/platform';
import { parse } from 'graphql';
import { WORKSPACE_ROOT } from '../workspace-root.js';

const SUPERGRAPH = path.join(WORKSPACE_ROOT, 'apps/graphql-gateway/supergraph.graphql');

function compose(): string {
  const apps = path.join(WORKSPACE_ROOT, 'apps');
  const subgraphs = readdirSync(apps)
    .sort()
    .map((name) => ({ name, file: path.join(apps, name, 'src/transport/graphql/schema.graphql') }))
    .filter(({ file }) => existsSync(file))
    .map(({ name, file }) => ({
      name,
      url: `http://${name}:3000/graphql`,
      typeDefs: parse(subgraphSdl(file)),
    }));
  const result = composeServices(subgraphs);
  if (result.errors) {
    throw new Error(
      `the subgraphs do not compose:\n${result.errors.map((e) => `  ${e.message}`).join('\n')}`,
    );
  }
  for (const hint of result.hints) console.error(`hint: ${hint.message}`);
  return `${result.supergraphSdl.trimEnd()}\n`;
}

try {
  const wanted = compose();
  const current = existsSync(SUPERGRAPH) && readFileSync(SUPERGRAPH, 'utf8') === wanted;
  if (process.argv[2] === '--check') {
    if (!current)
      throw new Error('supergraph.graphql is not current: run `npm run supergraph` and commit it');
    console.log('the supergraph is current');
  } else {
    if (!current) writeFileSync(SUPERGRAPH, wanted);
    console.log(`supergraph ${current ? 'already current' : 'written'}`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
