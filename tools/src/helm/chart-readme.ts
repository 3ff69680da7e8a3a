import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { CHART } from './chart.js';
import { chartServices, documentedValues } from './chart-facts.js';

const INTRODUCTION = `# Kilowatch chart

<!-- Made from values.yaml and files/services.yaml by "npm run helm:check -- --write". -->

Runs all services of Kilowatch from one image. Postgres and NATS (2.10 or newer, JetStream with \`sync_interval: always\`) are
not part of it. Install: \`helm install kilowatch deploy/helm/kilowatch -f my-values.yaml\`; examples are in \`deploy/helm/ci\`.

- Secrets are never values: make one Secret, name it in \`existingSecret\`; a pod mounts only the keys it needs, as files.
  After changing it, restart: \`kubectl rollout restart deployment -l app.kubernetes.io/instance=<release>\`.
- Migrations run before the services are replaced and only expand; rolling back a release does not undo them.
- The chargers' gateway is replaced by as many new pods as there are old ones, then the old ones close their sockets over
  \`ocpp.drainSeconds\`: the cluster needs room for twice its pods.
- Each pod of the ten services that store anything opens up to nine connections to Postgres and keeps those it needed for two minutes: with two
  replicas, and those of an upgrade beside them, \`max_connections\` of 400 is enough. The default of 100 is not.
`;

/** README.md of the chart, formatted as the repository is. */
export async function chartReadme(valuesText: string): Promise<string> {
  const secrets = secretKeys().map(([key, use]) => `| \`${key}\` | ${use} |`);
  const values = documentedValues(valuesText)
    .filter(({ value }) => value !== '')
    .map(
      ({ key, comment, value }) =>
        `| \`${key}\` | ${code(value)} | ${(comment ?? '').replaceAll('|', '\\|')} |`,
    );
  const text = [
    INTRODUCTION,
    '## Keys of the Secret',
    '',
    '| key | what |',
    '| --- | --- |',
    ...secrets,
    '',
    '## Values',
    '',
    '| value | default | what |',
    '| --- | --- | --- |',
    ...values,
    '',
  ].join('\n');
  const file = path.join(CHART, 'README.md');
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}

function secretKeys(): [string, string][] {
  const services = chartServices();
  return [
    [
      'admin-database-url',
      'postgres:// URL of a superuser, for the migration job (or in `database.adminSecret`)',
    ],
    ...services
      .filter(({ database }) => database)
      .map(({ name }): [string, string] => [
        `${name}-database-url`,
        `postgres://kw_${name.replaceAll('-', '_')}:<password>@host/database; the job gives the role this password`,
      ]),
    ['service-secret', 'shared by the services to sign their calls to each other (32 random bytes, base64)'],
    ['auth-signing-key', 'ES256 private key, PKCS #8 PEM, that signs access tokens'],
    ['token-key', '32 random bytes, base64: keys the hashes of tokens and passwords'],
    ['smtp-url', 'smtp://user:password@host:port of the mail server'],
    ['ocpi-token-key', '32 random bytes, base64: encrypts the tokens of roaming partners'],
    ['bootstrap-admin-password', 'of the first administrator, when `bootstrapAdminEmail` is set'],
    ['oidc-providers', 'KW_OIDC_PROVIDERS with the client secrets, JSON, when `oidcProviders` is set'],
    ['stripe-secret-key', "Stripe's secret key (a restricted one), when `payments.provider` is stripe"],
    [
      'stripe-webhook-secret',
      'What the webhook endpoint at Stripe signs with, when `payments.provider` is stripe',
    ],
    ['entsoe-token', 'Token of the web API of ENTSO-E, when `entsoe` is set'],
    ['contract-pools', 'KW_CONTRACT_POOLS with the client secrets, JSON, when `contractPools` is set'],
  ];
}

function code(value: string): string {
  return `\`${value.replaceAll('|', '\\|')}\``;
}
