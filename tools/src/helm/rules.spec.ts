import { describe, expect, it } from 'vitest';
import { SERVICES } from '../system/services.js';
import type { Manifest } from './manifest.js';
import { modelProblems } from './model-check.js';
import { defaultDeny, grpcPeers, internetAccess, subgraphReaders, wiring } from './network-rules.js';
import { environmentOfPod } from './pod-environment.js';
import { probes, restrictedPods, rollouts } from './pod-rules.js';
import { autoscaling, disruptionBudgets } from './scale-rules.js';
import { mountedSecrets, secretsInTheOpen } from './secret-rules.js';
import { typedSource } from './type-check.js';

const COMPONENT = 'app.kubernetes.io/component';

function aPod() {
  const probe = (path: string) => ({ httpGet: { path, port: 'http' } });
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 60,
    securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
    topologySpreadConstraints: [{}, {}],
    containers: [
      {
        name: 'main',
        image: 'registry/kilowatch:1.2.3',
        env: [{ name: 'KW_SERVICE_SECRET_FILE', value: '/run/secrets/kw/service-secret' }],
        envFrom: [{ configMapRef: { name: 'kw' } }],
        ports: [{ name: 'http', containerPort: 8080 }],
        resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '1Gi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        startupProbe: probe('/health/startup'),
        livenessProbe: probe('/health/live'),
        readinessProbe: probe('/health/ready'),
        lifecycle: { preStop: { sleep: { seconds: 10 } } },
        volumeMounts: [{ name: 'secrets', mountPath: '/run/secrets/kw' }],
      },
    ],
    volumes: [
      {
        name: 'secrets',
        secret: { secretName: 'kw', items: [{ key: 'service-secret', path: 'service-secret' }] },
      },
    ],
  };
}

/** A gateway Deployment that keeps every rule, with what it needs beside it. */
function aRelease() {
  const labels = { [COMPONENT]: 'ocpp-gateway' };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'kw', labels },
    spec: {
      replicas: 2 as number | undefined,
      minReadySeconds: 20,
      selector: { matchLabels: labels },
      strategy: { rollingUpdate: { maxUnavailable: 0 as unknown, maxSurge: '100%' } },
      template: { metadata: { labels }, spec: aPod() },
    },
  };
  const config = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kw', labels },
    data: { KW_DRAIN_SECONDS: '20' } as Record<string, string>,
  };
  const budget = {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'kw', labels },
    spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
  };
  return { deployment, config, budget, pod: deployment.spec.template.spec };
}

type Release = ReturnType<typeof aRelease>;
const container = ({ pod }: Release) => pod.containers[0]!;

function judged(
  rule: (manifests: readonly Manifest[]) => string[],
  spoil: (release: Release) => void,
): string[] {
  const release = aRelease();
  spoil(release);
  return rule([release.deployment, release.config, release.budget]);
}

describe('rules for pods', () => {
  it.each([
    restrictedPods,
    probes,
    rollouts,
    disruptionBudgets,
    autoscaling,
    secretsInTheOpen,
    mountedSecrets,
  ])('%o has nothing against a good release', (rule) => expect(judged(rule, () => undefined)).toEqual([]));

  it.each<[string, (manifests: readonly Manifest[]) => string[], (release: Release) => void]>([
    ['root', restrictedPods, ({ pod }) => (pod.securityContext.runAsNonRoot = false)],
    ['user 0', restrictedPods, ({ pod }) => (pod.securityContext.runAsUser = 0)],
    ['no seccomp', restrictedPods, ({ pod }) => (pod.securityContext.seccompProfile.type = 'Unconfined')],
    ['a token', restrictedPods, ({ pod }) => (pod.automountServiceAccountToken = true)],
    [
      'a root file system',
      restrictedPods,
      (r) => (container(r).securityContext.readOnlyRootFilesystem = false),
    ],
    ['kept capabilities', restrictedPods, (r) => (container(r).securityContext.capabilities.drop = [])],
    ['no memory limit', restrictedPods, (r) => (container(r).resources.limits = {} as never)],
    ['latest', restrictedPods, (r) => (container(r).image = 'registry/kilowatch:latest')],
    ['no version', restrictedPods, (r) => (container(r).image = 'registry/kilowatch')],
    [
      'liveness that asks the database',
      probes,
      (r) => (container(r).livenessProbe.httpGet.path = '/health/ready'),
    ],
    ['pods that go first', rollouts, (r) => (r.deployment.spec.strategy.rollingUpdate.maxUnavailable = 1)],
    ['a small surge', rollouts, (r) => (r.deployment.spec.strategy.rollingUpdate.maxSurge = '25%')],
    ['a grace period shorter than the drain', rollouts, (r) => (r.config.data['KW_DRAIN_SECONDS'] = '21')],
    ['no preStop', rollouts, (r) => (container(r).lifecycle.preStop.sleep.seconds = 0)],
    ['a budget of nobody', disruptionBudgets, (r) => (r.budget.spec.selector.matchLabels = {} as never)],
    ['a budget of all pods', disruptionBudgets, (r) => (r.budget.spec.maxUnavailable = 2)],
    ['a budget that blocks', disruptionBudgets, (r) => (r.budget.spec.maxUnavailable = 0)],
    ['no replicas', autoscaling, (r) => (r.deployment.spec.replicas = undefined)],
    ['a password in an address', secretsInTheOpen, (r) => (r.config.data['KW_X'] = 'nats://a:b@nats')],
    ['a key in a ConfigMap', secretsInTheOpen, (r) => (r.config.data['KW_TOKEN_KEY'] = 'abc')],
    ['a secret that is not mounted', mountedSecrets, ({ pod }) => (pod.volumes[0]!.secret.items = [])],
    ['a whole Secret', mountedSecrets, ({ pod }) => (pod.volumes[0]!.secret.items = undefined as never)],
  ])('find %s', (_, rule, spoil) => {
    expect(judged(rule, spoil)).not.toEqual([]);
  });

  it('find a secret as plain variable', () => {
    const spoil = (r: Release) => (container(r).env = [{ name: 'KW_SERVICE_SECRET', value: 'abc' }]);
    expect(judged(secretsInTheOpen, spoil)).toEqual(['Deployment/kw: KW_SERVICE_SECRET looks like a secret']);
  });

  it('tell secrets from other files and from text', () => {
    const { deployment, config, pod } = aRelease();
    container({ pod } as Release).env.push({ name: 'KW_SUPERGRAPH_FILE', value: '/app/supergraph' });
    expect([...environmentOfPod([deployment, config], pod)]).toEqual([
      ['KW_DRAIN_SECONDS', { from: 'text', text: '20' }],
      [
        'KW_SERVICE_SECRET',
        { from: 'file', path: '/run/secrets/kw/service-secret', secretKey: 'service-secret' },
      ],
      ['KW_SUPERGRAPH', { from: 'file', path: '/app/supergraph', secretKey: undefined }],
    ]);
  });
});

describe('rules for the network', () => {
  const peer = (component: string) => ({ podSelector: { matchLabels: { [COMPONENT]: component } } });
  const subgraphs = SERVICES.filter(({ subgraph }) => subgraph).map(({ name }) => name);
  const readersOf = (name: string) =>
    name === 'auth' ? [...subgraphs, 'graphql-gateway'] : ['graphql-gateway'];
  const internet = {
    ipBlock: {
      cidr: '0.0.0.0/0',
      except: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16'],
    },
  };

  function aNetwork() {
    const services = SERVICES.map(({ name, peers, subgraph }) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name, labels: { [COMPONENT]: name } },
      spec: {
        podSelector: { matchLabels: { [COMPONENT]: name } as Record<string, string> },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          {
            from: SERVICES.filter((s) => (s.peers as string[]).includes(name)).map((s) => peer(s.name)),
            ports: [{ port: 50051 }],
          },
          ...(subgraph ? [{ from: readersOf(name).map(peer), ports: [{ port: 8080 }] }] : []),
        ],
        egress: [
          { to: peers.map(peer), ports: [{ port: 50051 }] },
          ...(['auth', 'billing', 'ocpi', 'notifications'].includes(name)
            ? [{ to: [internet], ports: [{ port: 443 }] }]
            : []),
        ] as { to: unknown[]; ports: { port: number }[] }[],
      },
    }));
    const deny = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'deny' },
      spec: { podSelector: { matchLabels: { release: 'kw' } }, policyTypes: ['Ingress', 'Egress'] },
    };
    return {
      services,
      deny,
      of: (name: string) => services.find(({ metadata }) => metadata.name === name)!.spec,
    };
  }
  const rules = [defaultDeny, grpcPeers, subgraphReaders, internetAccess];

  it('have nothing against the plan', () => {
    const { services, deny } = aNetwork();
    expect(rules.flatMap((rule) => rule([...services, deny]))).toEqual([]);
  });

  it.each<[string, (network: ReturnType<typeof aNetwork>) => void]>([
    [
      'a service that may call one that is no peer',
      ({ of }) => of('insights').egress[0]!.to.push(peer('auth')),
    ],
    ['a caller that is no peer', ({ of }) => of('auth').ingress[0]!.from.push(peer('insights'))],
    ['a peer that may not call', ({ of }) => of('sessions').egress[0]!.to.pop()],
    ['a subgraph another service reads', ({ of }) => of('billing').ingress[1]!.from.push(peer('ocpi'))],
    ['a subgraph everybody reads', ({ of }) => (of('billing').ingress[1]!.from = [])],
    [
      'one more service on the internet',
      ({ of }) => of('metering').egress.push({ to: [internet], ports: [{ port: 443 }] }),
    ],
    [
      'private networks as internet',
      ({ of }) => (of('ocpi').egress[1]!.to = [{ ipBlock: { cidr: '0.0.0.0/0' } }]),
    ],
    ['a service without a policy', ({ services }) => services.pop()],
    ['a default that allows', ({ deny }) => (deny.spec.policyTypes = ['Ingress'])],
  ])('find %s', (_, spoil) => {
    const network = aNetwork();
    spoil(network);
    expect(rules.flatMap((rule) => rule([...network.services, network.deny]))).not.toEqual([]);
  });

  it('find a Service whose port no pod has, and a route to no Service', () => {
    const { deployment } = aRelease();
    const service = (targetPort: string) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kw' },
      spec: { selector: { [COMPONENT]: 'ocpp-gateway' }, ports: [{ name: 'http', port: 8080, targetPort }] },
    });
    const route = (name: string) => ({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'kw' },
      spec: { rules: [{ backendRefs: [{ name, port: 8080 }] }] },
    });
    expect(wiring([deployment, service('http'), route('kw')])).toEqual([]);
    expect(wiring([deployment, service('grpc')])).toEqual(['Service/kw: no pod has port grpc']);
    expect(wiring([deployment, service('http'), route('other')])).toEqual(['a route leads to other:8080']);
  });
});

describe('models', () => {
  it('find a field of the wrong type', async () => {
    const { deployment } = aRelease();
    const wrong = { ...deployment, spec: { ...deployment.spec, replicas: 'two' } };
    expect((await modelProblems(wrong)).join()).toMatch(/Deployment\/kw: .*replicas/);
  });

  it('find an unknown field of a custom resource and a kind nobody knows', async () => {
    const route = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'kw' },
      spec: { hosts: [] },
    };
    expect((await modelProblems(route)).join()).toMatch(/hosts/);
    expect((await modelProblems({ ...route, kind: 'TCPRoute' })).join()).toMatch(/no model/);
  });

  it('write one typed constant per document', () => {
    const source = typedSource([aRelease().config]);
    expect(source).toContain(`import type { IConfigMap as T0 } from 'kubernetes-models/v1';`);
    expect(source).toMatch(/satisfies T0;\n$/);
  });
});
