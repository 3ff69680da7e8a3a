// The boundaries of the house as ESLint blocks: who may import whom (by the tags in project.json) and what each folder
// inside a service may use. Flat config lets the last matching block win whole, so each zone gets its complete lists.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ALLOWED = {
  kernel: [],
  ocpp: ['kernel'],
  trust: ['kernel'],
  pricing: ['kernel'],
  contracts: [],
  platform: ['kernel', 'contracts'],
  testing: ['kernel', 'ocpp', 'trust', 'contracts', 'platform'],
  app: ['kernel', 'ocpp', 'trust', 'pricing', 'contracts', 'platform'],
  web: [],
  tool: ['kernel', 'ocpp', 'trust', 'pricing', 'contracts', 'platform', 'testing'],
  e2e: ['kernel', 'ocpp', 'trust', 'pricing', 'contracts', 'platform', 'testing', 'tool'],
};

/** Libraries that domain code may use. */
const PURE = ['kernel', 'ocpp', 'trust', 'pricing'];

const FRAMEWORKS = [
  '@nestjs',
  'typeorm',
  'pg',
  '@nats-io',
  '@grpc',
  '@opentelemetry',
  '@apollo',
  'express',
  'ws',
  'pino',
  'nodemailer',
];
const IO =
  'fs|net|http|https|http2|child_process|os|process|timers|dns|tls|dgram|worker_threads|cluster|readline|perf_hooks|inspector|v8';
const RANDOM_NAMES = [
  'randomBytes',
  'randomUUID',
  'randomInt',
  'randomFillSync',
  'getRandomValues',
  'webcrypto',
];

const frameworkPattern = {
  regex: `^(${FRAMEWORKS.join('|')})(/|$)`,
  message: 'Domain code is pure: no framework, database, message or network package here.',
};
const ioPattern = { regex: `^(node:)?(${IO})(/|$)`, message: 'Domain code is pure: no I/O here.' };
const randomPath = ['node:crypto', 'crypto'].map((name) => ({
  name,
  importNames: RANDOM_NAMES,
  message: 'Domain code is pure: randomness is an argument.',
}));

const ONLY = {
  selector:
    'MemberExpression[property.name="only"]:matches([object.name=/^(it|test|describe|suite|bench)$/],[object.object.name=/^(it|test|describe|suite|bench)$/])',
  message: 'A focused test hides all others.',
};
const ENV = {
  selector: 'MemberExpression[object.name="process"][property.name="env"]',
  message: 'Environment variables are read in libs/platform/src/config only.',
};
const ENV_PATH = ['node:process', 'process'].map((name) => ({
  name,
  importNames: ['env'],
  message: ENV.message,
}));
const IMPURE = [
  {
    selector: 'CallExpression[callee.object.name="Date"][callee.property.name="now"]',
    message: 'The time is an argument.',
  },
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'The time is an argument.' },
  {
    selector: 'MemberExpression[object.name="Math"][property.name="random"]',
    message: 'Randomness is an argument.',
  },
];
const IMPURE_GLOBALS = ['fetch', 'setTimeout', 'setInterval', 'setImmediate', 'performance', 'crypto'].map(
  (name) => ({
    name,
    message: 'Domain code is pure: timers, network and randomness are given to it.',
  }),
);

export const TEST_FILES = ['**/*.spec.ts', '**/*.itest.ts', '**/*.e2e.ts', '**/test/**'];

/** Every workspace project: folder, package name, and its type from the tag `type:<type>`. */
export function readProjects(root) {
  const folders = ['tools', 'e2e'];
  for (const group of ['libs', 'apps'])
    folders.push(...readdirSync(path.join(root, group)).map((name) => `${group}/${name}`));
  return folders.sort().flatMap((folder) => {
    const file = path.join(root, folder, 'project.json');
    if (!existsSync(file)) return [{ folder, problem: 'has no project.json' }];
    const types = (JSON.parse(readFileSync(file, 'utf8')).tags ?? []).filter((tag) =>
      tag.startsWith('type:'),
    );
    const type = types[0]?.slice('type:'.length);
    if (types.length !== 1 || !(type in ALLOWED))
      return [{ folder, problem: `needs exactly one tag type:<${Object.keys(ALLOWED).join('|')}>` }];
    return [
      {
        folder,
        type,
        package: JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')).name,
      },
    ];
  });
}

export function boundaryBlocks(root) {
  const projects = readProjects(root).filter(({ problem }) => !problem);
  return projects.flatMap((project) => blocksOf(project, projects));
}

function blocksOf(project, projects) {
  const { folder, type } = project;
  const isPureLibrary = PURE.includes(type);
  const isDevelopment = ['tool', 'testing', 'e2e'].includes(type);
  const base = {
    patterns: [importsOf(project, projects, [])],
    paths: isDevelopment ? [] : ENV_PATH,
    syntax: isDevelopment ? [ONLY] : [ONLY, ENV],
  };
  const pure = {
    patterns: [frameworkPattern, ioPattern],
    paths: randomPath,
    syntax: IMPURE,
    globals: IMPURE_GLOBALS,
  };
  const zones = [[`${folder}/**/*.{ts,tsx,mjs}`, [], base, isPureLibrary ? pure : {}]];
  if (type === 'app' || type === 'platform') {
    zones.push([
      `${folder}/src/**/domain/**`,
      [],
      base,
      pure,
      layer('domain', 'usecases', 'persistence', 'transport'),
      domainImports(projects),
    ]);
    zones.push([`${folder}/src/usecases/**`, [], base, layer('usecases', 'transport')]);
    zones.push([`${folder}/src/persistence/**`, [], base, layer('persistence', 'usecases', 'transport')]);
    zones.push([`${folder}/src/transport/**`, [], base, layer('transport', 'persistence')]);
  }
  const tests = { ...base, paths: [], patterns: [importsOf(project, projects, ['testing'])], syntax: [ONLY] };
  const inDomain = isPureLibrary ? [{ syntax: IMPURE }] : [];
  zones.push([
    TEST_FILES.map((glob) => `${folder}/${glob.replace(/^\*\*\/test/, 'test')}`),
    [],
    tests,
    ...inDomain,
  ]);
  if (type === 'app') zones.push([`${folder}/src/**/domain/**/*.spec.ts`, [], tests, { syntax: IMPURE }]);
  if (type === 'platform')
    zones.push([`${folder}/src/config/**`, [], { ...base, paths: [], syntax: [ONLY] }]);
  zones.push([`${folder}/*.config.{ts,mjs}`, [], { ...base, paths: [], syntax: [ONLY] }]);
  return zones.map(([files, , ...parts]) => block(folder, files, parts));
}

function block(folder, files, parts) {
  const all = (key) => parts.flatMap((part) => part[key] ?? []);
  const globals = all('globals');
  return {
    name: `kilowatch/boundaries/${folder}`,
    files: [files].flat(),
    rules: {
      'no-restricted-imports': ['error', { paths: all('paths'), patterns: all('patterns').filter(Boolean) }],
      'no-restricted-syntax': ['error', ...all('syntax')],
      'no-restricted-globals': globals.length > 0 ? ['error', ...globals] : 'off',
    },
  };
}

function importsOf(project, projects, extra) {
  const allowed = [...ALLOWED[project.type], ...extra];
  const forbidden = projects.filter(
    (other) => other.folder !== project.folder && !allowed.includes(other.type),
  );
  return forbiddenPackages(
    forbidden,
    `A project of type ${project.type} imports only: ${allowed.join(', ') || 'no other project'}.`,
  );
}

function domainImports(projects) {
  const forbidden = projects.filter(({ type }) => !PURE.includes(type));
  return { patterns: [forbiddenPackages(forbidden, 'Domain code imports only the pure libraries.')] };
}

function forbiddenPackages(projects, message) {
  if (projects.length === 0) return undefined;
  return { regex: `^(${projects.map((project) => project.package).join('|')})(/|$)`, message };
}

function layer(name, ...forbidden) {
  return {
    patterns: [
      {
        regex: `^\\.{1,2}/(.*/)?(${forbidden.join('|')})/`,
        message: `${name} does not import ${forbidden.join(', ')}.`,
      },
    ],
  };
}
