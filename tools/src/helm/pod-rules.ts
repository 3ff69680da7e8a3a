import type { Container, Manifest, PodSpec } from './manifest.js';
import { componentOf, deploymentSpec, nameOf, ofKind, workloads } from './manifest.js';

/** The service whose pods hold the chargers' sockets: it rolls differently. */
const SOCKETS = 'ocpp-gateway';
/** preStop and drain, and this much for the rest of the shutdown. */
const MARGIN_SECONDS = 30;

/** Pods run as PodSecurity "restricted" wants, with nothing of the API in reach. */
export function restrictedPods(manifests: readonly Manifest[]): string[] {
  return workloads(manifests).flatMap(({ manifest, pod }) => {
    const facts: [string, boolean][] = [
      ['runAsNonRoot', pod.securityContext?.runAsNonRoot === true],
      ['a user that is not root', (pod.securityContext?.runAsUser ?? 0) > 0],
      ['seccomp RuntimeDefault', pod.securityContext?.seccompProfile?.type === 'RuntimeDefault'],
      ['no account token', pod.automountServiceAccountToken === false],
      ['no service links', pod.enableServiceLinks === false],
      ...pod.containers.flatMap(containerFacts),
    ];
    return missing(manifest, facts);
  });
}

function containerFacts({ securityContext: context, ...container }: Container): [string, boolean][] {
  const { requests, limits } = container.resources ?? {};
  return [
    ['readOnlyRootFilesystem', context?.readOnlyRootFilesystem === true],
    ['no privilege escalation', context?.allowPrivilegeEscalation === false],
    ['drop ALL capabilities', context?.capabilities?.drop?.includes('ALL') === true],
    ['no added capability', (context?.capabilities?.add ?? []).length === 0],
    ['requests for cpu and memory', requests?.['cpu'] !== undefined && requests['memory'] !== undefined],
    ['a memory limit', limits?.['memory'] !== undefined],
    ['an image with a version', /@sha256:[0-9a-f]{64}$|:(?!latest$)[\w.-]+$/.test(container.image)],
  ];
}

/** Liveness asks the process only; startup and readiness have paths of their own. */
export function probes(manifests: readonly Manifest[]): string[] {
  return ofKind(manifests, 'Deployment').flatMap((manifest) =>
    deploymentSpec(manifest).template.spec.containers.flatMap((container) =>
      missing(manifest, [
        ['startup probe', container.startupProbe?.httpGet?.path === '/health/startup'],
        ['liveness probe', container.livenessProbe?.httpGet?.path === '/health/live'],
        ['readiness probe', container.readinessProbe?.httpGet?.path === '/health/ready'],
      ]),
    ),
  );
}

/** No pod goes before its successor is there; the pods with sockets are replaced all at once and get time to drain. */
export function rollouts(manifests: readonly Manifest[]): string[] {
  return ofKind(manifests, 'Deployment').flatMap((manifest) => {
    const spec = deploymentSpec(manifest);
    const rolling = spec.strategy?.rollingUpdate;
    const pod = spec.template.spec;
    const facts: [string, boolean][] = [
      ['maxUnavailable 0', rolling?.maxUnavailable === 0],
      ['spread over zones and hosts', pod.topologySpreadConstraints?.length === 2],
    ];
    if (componentOf(manifest) === SOCKETS) {
      facts.push(
        ['maxSurge 100%', rolling?.maxSurge === '100%'],
        ['minReadySeconds', (spec.minReadySeconds ?? 0) >= 20],
        ['time to drain', gracefulEnough(manifests, manifest, pod)],
      );
    }
    return missing(manifest, facts);
  });
}

function gracefulEnough(manifests: readonly Manifest[], { metadata }: Manifest, pod: PodSpec): boolean {
  const settings = ofKind(manifests, 'ConfigMap').find(
    (config) => config.metadata.name === metadata.name,
  )?.data;
  const drain = Number(settings?.['KW_DRAIN_SECONDS']);
  const preStop = pod.containers[0]?.lifecycle?.preStop?.sleep?.seconds ?? 0;
  return preStop > 0 && (pod.terminationGracePeriodSeconds ?? 0) >= preStop + drain + MARGIN_SECONDS;
}

function missing(manifest: Manifest, facts: readonly (readonly [string, boolean])[]): string[] {
  return facts.flatMap(([fact, holds]) => (holds ? [] : [`${nameOf(manifest)}: ${fact} is missing`]));
}
