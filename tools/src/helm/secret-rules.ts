import { nameOf, ofKind, workloads, type Manifest } from './manifest.js';

const SECRET_NAME = /(SECRET|PASSWORD|PASSWORDS|PRIVATE|CREDENTIALS?|_KEY|_TOKEN|DATABASE_URL)$/;
const SECRET_TEXT = /-----BEGIN [A-Z ]*PRIVATE KEY|:\/\/[^/\s:@]+:[^/\s@]+@/;

/** The chart makes no Secret, and nothing that looks like one stands in a ConfigMap or in a variable of a pod. */
export function secretsInTheOpen(manifests: readonly Manifest[]): string[] {
  const made = ofKind(manifests, 'Secret').map((manifest) => `${nameOf(manifest)} is made by the chart`);
  const configured = ofKind(manifests, 'ConfigMap').flatMap((manifest) =>
    Object.entries(manifest.data ?? {})
      .filter(([name, value]) => SECRET_NAME.test(name) || SECRET_TEXT.test(value))
      .map(([name]) => `${nameOf(manifest)}: ${name} looks like a secret`),
  );
  const inPods = workloads(manifests).flatMap(({ manifest, pod }) =>
    pod.containers
      .flatMap(({ env }) => env ?? [])
      .filter(({ name, value }) => value !== undefined && (SECRET_NAME.test(name) || SECRET_TEXT.test(value)))
      .map(({ name }) => `${nameOf(manifest)}: ${name} looks like a secret`),
  );
  return [...made, ...configured, ...inPods];
}

/** Every file a variable names below /run/secrets is mounted, and a pod mounts no key it does not use. */
export function mountedSecrets(manifests: readonly Manifest[]): string[] {
  return workloads(manifests).flatMap(({ manifest, pod }) => {
    const named = pod.containers
      .flatMap(({ env }) => env ?? [])
      .flatMap(({ value }) => (value?.startsWith('/run/secrets/') ? [value] : []));
    const mounted = pod.containers
      .flatMap(({ volumeMounts }) => volumeMounts ?? [])
      .flatMap(({ name, mountPath }) => {
        const secret = pod.volumes?.find((volume) => volume.name === name)?.secret;
        if (!secret) return [];
        return secret.items?.map((item) => `${mountPath}/${item.path}`) ?? [`${mountPath}/*`];
      });
    return [
      ...named
        .filter((file) => !mounted.some((path) => path === file || path.startsWith(`${file}/`)))
        .map((file) => `${nameOf(manifest)}: nothing is mounted at ${file}`),
      ...mounted
        .filter((path) => !named.some((file) => path === file || path.startsWith(`${file}/`)))
        .map((path) => `${nameOf(manifest)}: ${path} is mounted and not used`),
    ];
  });
}
