import { CUSTOM_RESOURCES } from './crd-models.js';
import { nameOf, type Manifest } from './manifest.js';

type ModelClass = new (data: unknown) => { validate(): void };

/** What the Kubernetes schemas (or ours, for custom resources) say against a document at run time. */
export async function modelProblems(manifest: Manifest): Promise<string[]> {
  const where = `${nameOf(manifest)}:`;
  const custom = CUSTOM_RESOURCES[`${manifest.apiVersion}/${manifest.kind}`];
  if (custom) {
    const parsed = custom.safeParse(manifest);
    return parsed.success
      ? []
      : parsed.error.issues.map((issue) => `${where} ${issue.path.join('.')} ${issue.message}`);
  }
  const model = await modelOf(manifest);
  if (model === undefined) return [`${where} no model for ${manifest.apiVersion} ${manifest.kind}`];
  try {
    new model(manifest).validate();
    return [];
  } catch (error) {
    return [`${where} ${(error as Error).message}`];
  }
}

async function modelOf({ apiVersion, kind }: Manifest): Promise<ModelClass | undefined> {
  const specifier = `kubernetes-models/${apiVersion}`;
  try {
    const module = (await import(specifier)) as Record<string, ModelClass>;
    return module[kind];
  } catch {
    return undefined;
  }
}
