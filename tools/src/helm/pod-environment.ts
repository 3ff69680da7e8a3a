import { ofKind, type Manifest, type PodSpec } from './manifest.js';

/** Where a variable of a container comes from. */
export type Source =
  | { readonly from: 'text'; readonly text: string }
  /** `path` is what the variable says; `key` the key of the Secret mounted there, if one is. */
  | { readonly from: 'file'; readonly path: string; readonly secretKey: string | undefined }
  | { readonly from: 'pod' };

/** Variables of a pod's first container, by name; those from files without `_FILE`. */
export function environmentOfPod(manifests: readonly Manifest[], pod: PodSpec): Map<string, Source> {
  const sources = new Map<string, Source>();
  const [container] = pod.containers;
  const put = (name: string, value: string | undefined) => {
    if (value === undefined) sources.set(name, { from: 'pod' });
    else if (!name.endsWith('_FILE')) sources.set(name, { from: 'text', text: value });
    else {
      const secretKey = secretKeyAt(pod, value);
      sources.set(name.slice(0, -'_FILE'.length), { from: 'file', path: value, secretKey });
    }
  };
  for (const { configMapRef } of container?.envFrom ?? []) {
    const config = ofKind(manifests, 'ConfigMap').find(
      ({ metadata }) => metadata.name === configMapRef?.name,
    );
    if (!config) throw new Error(`there is no ConfigMap ${configMapRef?.name}`);
    for (const [name, value] of Object.entries(config.data ?? {})) put(name, value);
  }
  for (const { name, value } of container?.env ?? []) put(name, value);
  return sources;
}

function secretKeyAt(pod: PodSpec, path: string): string | undefined {
  for (const { name, mountPath } of pod.containers[0]?.volumeMounts ?? []) {
    if (!path.startsWith(`${mountPath}/`)) continue;
    const secret = pod.volumes?.find((volume) => volume.name === name)?.secret;
    return secret?.items?.find((item) => `${mountPath}/${item.path}` === path)?.key;
  }
  return undefined;
}
