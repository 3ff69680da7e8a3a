// Writes src/api/documents/<name>.ts from <name>.graphql: each operation as a typed document, checked against the
// composed schema. `--check` writes nothing and fails when a file is not what it would write.
import { readFileSync, readdirSync, writeFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Supergraph, printSchema } from '@apollo/federation-internals';
import { Kind, buildSchema, parse, print, validate, visit } from 'graphql';
import { format, resolveConfig } from 'prettier';
import { inputTypes, resultType, variablesType } from './operation-types.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const FOLDER = path.join(here, '../src/api/documents');
const SUPERGRAPH = path.join(here, '../../graphql-gateway/supergraph.graphql');

/** The schema clients see: the composed one without what is internal to federation. */
export function apiSchema() {
  // As text, not as an object: federation may have loaded another copy of graphql-js.
  return buildSchema(printSchema(Supergraph.build(readFileSync(SUPERGRAPH, 'utf8')).apiSchema()));
}

/** Every .graphql file beside the generated ones: `[{name, document}]`. */
export function sources() {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => ({
      name: file.replace(/\.graphql$/, ''),
      document: parse(readFileSync(path.join(FOLDER, file), 'utf8')),
    }));
}

/** `[{file, text}]` of all generated files. Throws with every problem when a document does not fit the schema. */
export async function generated() {
  const schema = apiSchema();
  const all = sources();
  const fragments = new Map(
    all.flatMap(({ document }) =>
      document.definitions
        .filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
        .map((fragment) => [fragment.name.value, fragment]),
    ),
  );
  const operations = all.flatMap(({ document }) =>
    document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION),
  );
  const whole = { kind: Kind.DOCUMENT, definitions: [...operations, ...fragments.values()] };
  const problems = validate(schema, whole);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));

  const homes = new Map(
    all.flatMap(({ name, document }) =>
      document.definitions.map((definition) => [definition.name.value, name]),
    ),
  );
  const files = [];
  for (const { name, document } of all) {
    const file = path.join(FOLDER, `${name}.ts`);
    const options = { ...(await resolveConfig(file)), parser: 'typescript' };
    files.push({ file, text: await format(fileText(schema, name, document, fragments, homes), options) });
  }
  const file = path.join(FOLDER, 'inputs.ts');
  const header = '// Generated from the composed schema by scripts/generate-documents.mjs; never edited.\n\n';
  const options = { ...(await resolveConfig(file)), parser: 'typescript' };
  files.push({ file, text: await format(header + inputTypes(schema, operations), options) });
  return files;
}

function fileText(schema, name, document, fragments, homes) {
  const inputs = new Set();
  const used = new Set();
  const parts = document.definitions.map((definition) => {
    const type = resultType(schema, definition, fragments, used);
    const spreads = spreadsOf(definition);
    for (const spread of spreads) used.add(spread);
    const own = definition.name.value;
    const text = [print(definition), ...spreads.map((spread) => `\${${spread}Fragment}`)].join('\n');
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      return `export type ${own} = ${type};\nexport const ${own}Fragment = gql\`\n${text}\n\`;\n`;
    const suffix = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' }[
      definition.operation
    ];
    const result = own.endsWith(suffix) ? own : `${own}${suffix}`;
    return [
      `export type ${result} = ${type};`,
      `export type ${result}Variables = ${variablesType(schema, definition, inputs)};`,
      `export const ${own}Document: TypedDocumentNode<${result}, ${result}Variables> = gql\`\n${text}\n\`;\n`,
    ].join('\n');
  });
  const foreign = [...used].filter((fragment) => homes.get(fragment) !== name);
  const imports = [...new Set(foreign.map((fragment) => homes.get(fragment)))].sort().map((home) => {
    const names = foreign.filter((fragment) => homes.get(fragment) === home).sort();
    const words = names.flatMap((fragment) =>
      parts.some((part) => part.includes(`\${${fragment}Fragment}`))
        ? [`type ${fragment}`, `${fragment}Fragment`]
        : [`type ${fragment}`],
    );
    return `import { ${words.join(', ')} } from './${home}.js';`;
  });
  const hasOperation = document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  return [
    `// Generated from ${name}.graphql by scripts/generate-documents.mjs; never edited.`,
    `import { gql${hasOperation ? ', type TypedDocumentNode' : ''} } from '@apollo/client';`,
    ...imports,
    inputs.size > 0 ? `import type { ${[...inputs].sort().join(', ')} } from './inputs.js';` : '',
    '',
    ...parts,
  ].join('\n');
}

function spreadsOf(definition) {
  const found = new Set();
  visit(definition, { FragmentSpread: ({ name }) => void found.add(name.value) });
  return [...found].sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const stale = (await generated()).filter(
    ({ file, text }) => !existsSync(file) || readFileSync(file, 'utf8') !== text,
  );
  const isCheck = process.argv.includes('--check');
  for (const { file, text } of stale) {
    if (!isCheck) writeFileSync(file, text);
    process.stdout.write(`${isCheck ? 'stale' : 'written'}: ${path.relative(process.cwd(), file)}\n`);
  }
  if (isCheck && stale.length > 0) process.exitCode = 1;
}
