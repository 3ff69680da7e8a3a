/**
 * `npm run helm:check`: lints and renders the chart for each file in deploy/helm/ci and judges every document: by the
 * Kubernetes schemas, by its TypeScript type, by our rules, and by the configuration loader of each service; the last judges
 * compose.yaml too.
 * `-- --write` writes the chart's README.md first.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { WORKSPACE_ROOT } from '../workspace-root.js';
import { Chart, CHART, manifestsIn } from './chart.js';
import { documentedValues, looseObjects, serviceListProblems } from './chart-facts.js';
import { chartReadme } from './chart-readme.js';
import { composeProblems, readCompose, togetherProblems } from './compose-check.js';
import { helmBinary } from './helm-binary.js';
import type { Manifest } from './manifest.js';
import { modelProblems } from './model-check.js';
import { defaultDeny, grpcPeers, internetAccess, subgraphReaders, wiring } from './network-rules.js';
import { probes, restrictedPods, rollouts } from './pod-rules.js';
import { Report } from './report.js';
import { autoscaling, disruptionBudgets } from './scale-rules.js';
import { mountedSecrets, secretsInTheOpen } from './secret-rules.js';
import { deploymentSettings } from './settings-check.js';
import { typeProblems } from './type-check.js';

const RENDERINGS = ['minimal', 'full', 'ha'];
const RULES: Readonly<Record<string, (manifests: readonly Manifest[]) => string[] | Promise<string[]>>> = {
  'each document fits its Kubernetes schema': async (manifests) =>
    (await Promise.all(manifests.map(modelProblems))).flat(),
  'no two documents have one name': duplicates,
  'pods run restricted': restrictedPods,
  'pods have probes': probes,
  'roll-outs keep serving': rollouts,
  'several pods have a disruption budget': disruptionBudgets,
  'replicas or an autoscaler': autoscaling,
  'everything is denied by default': defaultDeny,
  'gRPC goes between peers only': grpcPeers,
  'subgraphs answer the GraphQL gateway only': subgraphReaders,
  'four services reach the internet': internetAccess,
  'Services and routes lead somewhere': wiring,
  'no secret in the open': secretsInTheOpen,
  'secrets are mounted where they are read': mountedSecrets,
  'each service accepts its settings': deploymentSettings,
};
/** Values the chart must refuse, and a word of the reason. */
const REFUSED: readonly (readonly [string, RegExp])[] = [
  ['image.tagg=1', /tagg/],
  ['services.auth.replcas=2', /replcas/],
  ['services.unknown.replicas=2', /unknown/],
  ['defaults.replicas=0', /replicas/],
  ['image.tag=latest', /tag/],
  ['existingSecret=', /existingSecret/],
  ['nats.url=nats://user:secret@nats:4222', /nats/],
  ['services.auth.env.KW_TOKEN_KEY=abc', /KW_TOKEN_KEY is a secret/],
  ['services.auth.env.TOKEN=abc', /TOKEN/],
  ['httpRoute.enabled=true', /parentRefs/],
  ['ocpp.tls.existingSecret=tls,ocpp.tls.mtlsPort=9444', /stationCaSecret/],
  ['ocpp.tls.existingSecret=tls,ocpp.tls.port=9000', /port/],
];

async function main(): Promise<number> {
  const report = new Report(console.log);
  const chart = new Chart(helmBinary());
  console.log('the chart');
  await checkSources(report);
  const renderings: Record<string, Manifest[]> = {};
  for (const name of RENDERINGS) {
    const values = path.join(CHART, '../ci', `${name}.yaml`);
    const lint = chart.lint(values);
    const rendered = chart.template(values);
    console.log(`${name}.yaml`);
    report.check('lints', lint.ok ? [] : [lint.output, lint.errors]);
    report.check('renders', rendered.ok ? [] : [rendered.errors]);
    const manifests = manifestsIn(rendered.ok ? rendered.output : '');
    if (manifests.length === 0) continue;
    renderings[name] = manifests;
    console.log(`        ${manifests.length} documents`);
    for (const [rule, problems] of Object.entries(RULES)) report.check(rule, await problems(manifests));
  }
  console.log('all renderings');
  report.check('each document has the type of its kind', typeProblems(renderings));
  for (const [setting, reason] of REFUSED) {
    const { ok, errors } = chart.template(path.join(CHART, '../ci/minimal.yaml'), setting);
    report.check(`refuses ${setting}`, !ok && reason.test(errors) ? [] : [ok ? 'it rendered' : errors]);
  }
  // The loaders are the judges of settings: they must notice one nobody reads.
  const misspelt = chart.template(
    path.join(CHART, '../ci/minimal.yaml'),
    'services.billing.env.KW_SELLER_NAM=x',
  );
  const noticed = (await deploymentSettings(manifestsIn(misspelt.output))).join().includes('KW_SELLER_NAM');
  report.check('a misspelt setting is noticed', noticed ? [] : ['KW_SELLER_NAM passed']);
  console.log('compose.yaml');
  report.check('each service accepts its settings', await composeProblems(readCompose()));
  const together = readCompose('together.yaml');
  report.check('each service accepts its settings in together.yaml', await togetherProblems(together));
  console.log(`\n${report.summary()}`);
  return report.failures;
}

async function checkSources(report: Report): Promise<void> {
  const values = readFileSync(path.join(CHART, 'values.yaml'), 'utf8');
  const readme = path.join(CHART, 'README.md');
  const current = await chartReadme(values);
  if (process.argv.includes('--write')) writeFileSync(readme, current);
  const undocumented = documentedValues(values).filter(({ comment }) => !comment);
  report.check('deploys what npm start runs', serviceListProblems());
  report.check(
    'each value is explained',
    undocumented.map(({ key }) => key),
  );
  report.check(
    'the schema names every key',
    looseObjects(JSON.parse(readFileSync(path.join(CHART, 'values.schema.json'), 'utf8'))),
  );
  report.check(
    'README.md is current',
    existsSync(readme) && readFileSync(readme, 'utf8') === current
      ? []
      : ['run "npm run helm:check -- --write"'],
  );
}

function duplicates(manifests: readonly Manifest[]): string[] {
  const names = manifests.map(({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata.name}`);
  const long = manifests.filter(({ metadata }) => metadata.name.length > 63);
  return [
    ...names.filter((name, i) => names.indexOf(name) !== i),
    ...long.map(({ metadata }) => `${metadata.name} is longer than 63 characters`),
  ];
}

try {
  console.log(`checking ${path.relative(process.cwd(), CHART) || WORKSPACE_ROOT}`);
  process.exitCode = (await main()) === 0 ? 0 : 1;
} catch (error) {
  console.error((error as Error).message);
  console.log('\n0 passed, 1 failed');
  process.exitCode = 1;
}
