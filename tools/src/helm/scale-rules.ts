import { componentOf, deploymentSpec, nameOf, ofKind, type Manifest } from './manifest.js';

interface Autoscaler {
  readonly minReplicas: number;
  readonly scaleTargetRef: { readonly name: string };
  readonly behavior?: { readonly scaleDown?: { readonly stabilizationWindowSeconds?: number } };
}
interface Budget {
  readonly maxUnavailable?: number;
  readonly selector: { readonly matchLabels: Record<string, string> };
}

/** More than one pod means a PodDisruptionBudget that lets at least one go and never all. */
export function disruptionBudgets(manifests: readonly Manifest[]): string[] {
  const budgets = ofKind(manifests, 'PodDisruptionBudget').map(({ spec }) => spec as Budget);
  return ofKind(manifests, 'Deployment').flatMap((manifest) => {
    const { replicas, selector } = deploymentSpec(manifest);
    const pods = autoscalerOf(manifests, manifest)?.minReplicas ?? replicas ?? 1;
    if (pods < 2) return [];
    const budget = budgets.find(({ selector: of }) => same(of.matchLabels, selector.matchLabels));
    if (!budget) return [`${nameOf(manifest)}: ${pods} pods and no PodDisruptionBudget`];
    const away = budget.maxUnavailable ?? 0;
    return away >= 1 && away < pods ? [] : [`${nameOf(manifest)}: a budget of ${away} for ${pods} pods`];
  });
}

/** Replicas belong to the autoscaler or to the Deployment, never to both; sockets are scaled down slowly. */
export function autoscaling(manifests: readonly Manifest[]): string[] {
  return ofKind(manifests, 'Deployment').flatMap((manifest) => {
    const scaler = autoscalerOf(manifests, manifest);
    const { replicas } = deploymentSpec(manifest);
    const problems: string[] = [];
    if ((scaler === undefined) === (replicas === undefined)) {
      problems.push(`${nameOf(manifest)}: either replicas or an autoscaler`);
    }
    const window = scaler?.behavior?.scaleDown?.stabilizationWindowSeconds ?? 0;
    if (scaler && componentOf(manifest) === 'ocpp-gateway' && window < 1800) {
      problems.push(`${nameOf(manifest)}: scale-down window under 30 minutes`);
    }
    return problems;
  });
}

function autoscalerOf(manifests: readonly Manifest[], { metadata }: Manifest): Autoscaler | undefined {
  return ofKind(manifests, 'HorizontalPodAutoscaler')
    .map(({ spec }) => spec as Autoscaler)
    .find(({ scaleTargetRef }) => scaleTargetRef.name === metadata.name);
}

function same(a: Record<string, string>, b: Record<string, string>): boolean {
  const entries = Object.entries(a);
  return entries.length === Object.keys(b).length && entries.every(([key, value]) => b[key] === value);
}
