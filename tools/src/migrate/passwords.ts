import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PasswordSource {
  /** Folder with one file per schema: the password, or the postgres:// URL the service uses. */
  readonly folder?: string | undefined;
  /** JSON object, schema to password. */
  readonly json?: string | undefined;
}

/** Password of each service's login role, by schema. Throws when neither or both sources are given, or one is missing. */
export function passwordsFrom({ folder, json }: PasswordSource): (schema: string) => string {
  if ((folder === undefined) === (json === undefined)) {
    throw new Error('set KW_DB_PASSWORDS_DIR or KW_DB_PASSWORDS (or KW_DB_PASSWORDS_FILE), one of them');
  }
  const read = json === undefined ? fromFolder(folder ?? '') : fromJson(json);
  return (schema) => {
    const password = read(schema);
    if (!password) throw new Error(`there is no password for ${schema}`);
    return password;
  };
}

function fromFolder(folder: string) {
  return (schema: string): string => {
    const text = readFileSync(join(folder, schema), 'utf8').trimEnd();
    return /^postgres(ql)?:\/\//.test(text) ? decodeURIComponent(new URL(text).password) : text;
  };
}

function fromJson(json: string) {
  const passwords = JSON.parse(json) as Record<string, unknown>;
  return (schema: string): string => {
    const password = passwords[schema];
    return typeof password === 'string' ? password : '';
  };
}
