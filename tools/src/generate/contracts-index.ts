// What libs/contracts/src/index.ts says, derived from the compiled proto files: one namespace per package and the event registry.
// An event is a message of an `*_events.proto` file whose first field is `kilowatch.common.v1.EventMeta meta = 1`.

export interface ProtoImage {
  file: {
    name: string;
    package?: string;
    messageType?: { name: string; field?: { name: string; number: number; typeName?: string }[] }[];
  }[];
}

const OWN_PACKAGE = /^kilowatch\.([a-z_]+)\.v(\d+)$/;

interface Namespace {
  name: string;
  service: string;
  version: number;
  modules: string[];
  events: string[];
}

/** Text of each generated file, keyed by its path below libs/contracts/src. */
export function contractsSources(image: ProtoImage): Map<string, string> {
  const namespaces = namespacesOf(image);
  const sources = new Map<string, string>();
  for (const { name, modules } of namespaces) {
    const lines = modules.map((module) => `export * from './${module}.js';`);
    sources.set(`generated/${fileName(name)}.ts`, `${HEADER}\n${lines.join('\n')}\n`);
  }
  sources.set('index.ts', indexSource(namespaces));
  return sources;
}

const HEADER = '// Generated from proto/ by `npm run generate`. Do not edit.';

function namespacesOf(image: ProtoImage): Namespace[] {
  const byName = new Map<string, Namespace>();
  for (const file of [...image.file].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const [, service, version] = OWN_PACKAGE.exec(file.package ?? '') ?? [];
    if (service === undefined) continue;
    const name = camel(service) + (version === '1' ? '' : `V${version}`);
    const found = byName.get(name) ?? { name, service, version: Number(version), modules: [], events: [] };
    found.modules.push(file.name.replace(/\.proto$/, ''));
    if (file.name.endsWith('_events.proto')) found.events.push(...eventsOf(file));
    byName.set(name, found);
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function eventsOf(file: ProtoImage['file'][number]): string[] {
  return (file.messageType ?? [])
    .filter(({ field: [first] = [] }) => {
      const isMeta = first?.typeName === '.kilowatch.common.v1.EventMeta';
      return isMeta && first?.name === 'meta' && first.number === 1;
    })
    .map(({ name }) => name);
}

function indexSource(namespaces: Namespace[]): string {
  const taken = new Map<string, string>();
  const entries: string[] = [];
  for (const { name: namespace, service, version, events } of namespaces) {
    for (const message of events) {
      const key = message.charAt(0).toLowerCase() + message.slice(1) + (version === 1 ? '' : `V${version}`);
      const other = taken.get(key);
      if (other !== undefined) throw new Error(`two events named ${message}: in ${other} and in ${service}`);
      taken.set(key, service);
      const args = `'${service.replaceAll('_', '-')}', '${snake(message)}', ${version}, ${namespace}.${message}`;
      entries.push(`  ${key}: eventType<${namespace}.${message}>(${args}),`);
    }
  }
  const names = namespaces.map(({ name }) => name);
  return [
    HEADER,
    "import { eventType } from './event-type.js';",
    ...names.map((name) => `import * as ${name} from './generated/${fileName(name)}.js';`),
    '',
    "export type { EventPayload, EventType } from './event-type.js';",
    `export { ${names.join(', ')} };`,
    '',
    '/** Every event of the platform; a consumer and a producer take the event from here, never a subject by hand. */',
    'export const events = {',
    ...entries,
    '} as const;',
    '',
  ].join('\n');
}

const camel = (text: string) => text.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const snake = (text: string) => text.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
const fileName = (namespace: string) => snake(namespace).replaceAll('_', '-');
