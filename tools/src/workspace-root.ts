import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository, from tools/src as well as from tools/dist. */
export const WORKSPACE_ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
