import { SERVICES, type ServiceSpec } from '../system/services.js';
import { componentOf, deploymentSpec, nameOf, ofKind, type Manifest } from './manifest.js';

interface Peer {
  readonly podSelector?: { readonly matchLabels?: Record<string, string> };
  readonly namespaceSelector?: unknown;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}
interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly port: number }[];
}
interface Policy {
  readonly podSelector: { readonly matchLabels: Record<string, string> };
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

const HTTP = 8080;
const GRPC = 50051;
const COMPONENT = 'app.kubernetes.io/component';
const ONLINE = ['auth', 'billing', 'notifications', 'ocpi'];
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16'];

/** One policy denies everything to every pod of the release; each service has one that opens what it needs. */
export function defaultDeny(manifests: readonly Manifest[]): string[] {
  const all = ofKind(manifests, 'NetworkPolicy').map(({ spec }) => spec as Policy);
  const deny = all.filter(
    ({ podSelector, policyTypes, ingress, egress }) =>
      !(COMPONENT in podSelector.matchLabels) && policyTypes.length === 2 && !ingress && !egress,
  );
  const uncovered = SERVICES.filter(({ name }) => policyOf(manifests, name) === undefined);
  return [
    ...(deny.length === 1 ? [] : ['there is not one default deny']),
    ...uncovered.map(({ name }) => `${name} has no NetworkPolicy`),
  ];
}

/** gRPC goes between the peers of the plan only, and each end of a call is open. */
export function grpcPeers(manifests: readonly Manifest[]): string[] {
  return SERVICES.flatMap(({ name, peers }) => {
    const policy = policyOf(manifests, name);
    const callers = SERVICES.filter((service) => (service.peers as readonly string[]).includes(name));
    return [
      ...differs(
        `${name}: called over gRPC by`,
        components(policy?.ingress, 'from', GRPC),
        callers.map((c) => c.name),
      ),
      ...differs(`${name}: calls over gRPC`, components(policy?.egress, 'to', GRPC), peers),
    ];
  });
}

/** Subgraphs answer the GraphQL gateway only; auth also gives its public keys to whoever checks tokens. */
export function subgraphReaders(manifests: readonly Manifest[]): string[] {
  const subgraphs = SERVICES.filter(({ subgraph }) => subgraph).map(({ name }) => name);
  const readers = (service: ServiceSpec) =>
    service.name === 'auth' ? [...subgraphs, 'graphql-gateway'] : service.subgraph ? ['graphql-gateway'] : [];
  return SERVICES.flatMap((service) => {
    const rules = policyOf(manifests, service.name)?.ingress;
    const open = rulesFor(rules, HTTP).some(({ from }) => !from || from.length === 0);
    return [
      ...(open ? [`${service.name}: HTTP is open to everybody`] : []),
      ...differs(`${service.name}: HTTP read by`, components(rules, 'from', HTTP), readers(service)),
    ];
  });
}

/** The internet, without the private networks, is open to four services. */
export function internetAccess(manifests: readonly Manifest[]): string[] {
  const online = ofKind(manifests, 'NetworkPolicy').flatMap((manifest) => {
    const blocks = ((manifest.spec as Policy).egress ?? [])
      .flatMap(({ to }) => to ?? [])
      .filter(({ ipBlock }) => ipBlock?.cidr.endsWith('/0'));
    return blocks.map(({ ipBlock }) => ({ manifest, except: ipBlock?.except ?? [] }));
  });
  const leaks = online.filter(({ except }) => !PRIVATE.every((network) => except.includes(network)));
  return [
    ...differs(
      'services with the internet',
      online.map(({ manifest }) => componentOf(manifest)),
      ONLINE,
    ),
    ...leaks.map(({ manifest }) => `${nameOf(manifest)}: private networks are not left out`),
  ];
}

/** Each Service finds pods with the port it names; each route leads to a port of a Service. */
export function wiring(manifests: readonly Manifest[]): string[] {
  const ports = new Set<string>();
  const problems = ofKind(manifests, 'Service').flatMap((manifest) => {
    const spec = manifest.spec as {
      selector: Record<string, string>;
      ports: { port: number; name: string; targetPort: string }[];
    };
    const pods = ofKind(manifests, 'Deployment').find((found) =>
      Object.entries(spec.selector).every(([key, value]) => labelsOf(found)[key] === value),
    );
    const open = pods ? deploymentSpec(pods).template.spec.containers.flatMap((c) => c.ports ?? []) : [];
    for (const { port, name } of spec.ports)
      ports.add(`${manifest.metadata.name}:${port}`).add(`${manifest.metadata.name}:${name}`);
    return spec.ports
      .filter(({ targetPort }) => !open.some(({ name }) => name === targetPort))
      .map(({ targetPort }) => `${nameOf(manifest)}: no pod has port ${targetPort}`);
  });
  return [
    ...problems,
    ...backends(manifests)
      .filter((to) => !ports.has(to))
      .map((to) => `a route leads to ${to}`),
  ];
}

function backends(manifests: readonly Manifest[]): string[] {
  const text = JSON.stringify([...ofKind(manifests, 'HTTPRoute'), ...ofKind(manifests, 'Ingress')]);
  const routes = [...text.matchAll(/"backendRefs":\[\{"name":"([^"]+)","port":(\d+)\}/g)];
  const ingresses = [...text.matchAll(/"service":\{"name":"([^"]+)","port":\{"name":"([^"]+)"\}/g)];
  return [...routes, ...ingresses].map(([, name, port]) => `${name}:${port}`);
}

function labelsOf(deployment: Manifest): Record<string, string> {
  return deploymentSpec(deployment).template.metadata.labels;
}

function policyOf(manifests: readonly Manifest[], service: string): Policy | undefined {
  return ofKind(manifests, 'NetworkPolicy')
    .map(({ spec }) => spec as Policy)
    .find(({ podSelector }) => podSelector.matchLabels[COMPONENT] === service);
}

function rulesFor(rules: readonly Rule[] | undefined, port: number): Rule[] {
  return (rules ?? []).filter(({ ports }) => !ports || ports.some((open) => open.port === port));
}

function components(rules: readonly Rule[] | undefined, side: 'from' | 'to', port: number): string[] {
  return rulesFor(rules, port)
    .flatMap((rule) => rule[side] ?? [])
    .flatMap(({ podSelector }) => podSelector?.matchLabels?.[COMPONENT] ?? []);
}

function differs(what: string, found: readonly string[], wanted: readonly string[]): string[] {
  const text = (list: readonly string[]) => [...list].sort().join(', ') || 'nobody';
  return text(found) === text(wanted) ? [] : [`${what} ${text(found)} instead of ${text(wanted)}`];
}
