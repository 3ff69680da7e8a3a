/**
 * The address of an upload: `/uploads/<token>/` and whatever the charger makes of it (Q51). Some put their file's name behind it
 * with a slash or without, some double the slash, some leave the last one out. The token has one length, so it is found in any of
 * these; the name is for people and never a path.
 */
import { randomTokenLength } from './upload-token.js';

export interface UploadTarget {
  readonly token: string;
  /** What the charger calls the file; empty when it does not say. */
  readonly fileName: string;
}

export const UPLOADS = '/uploads/';
const MAX_URL = 2_048;
const MAX_NAME = 100;
const TOKEN = new RegExp(`^[A-Za-z0-9_-]{${randomTokenLength}}$`);

/** Undefined: no address of ours. */
export function uploadTarget(url: string): UploadTarget | undefined {
  const path = (url.split(/[?#]/)[0] ?? '').replace(/^\/+/, '/');
  if (url.length > MAX_URL || !path.startsWith(UPLOADS)) return undefined;
  const rest = path.slice(UPLOADS.length).replace(/^\/+/, '');
  const token = rest.slice(0, randomTokenLength);
  return TOKEN.test(token) ? { token, fileName: fileName(rest.slice(randomTokenLength)) } : undefined;
}

/** The last part of a path, with nothing in it that a shell, a browser or a file system would act on. */
export function fileName(path: string): string {
  const last = decoded(path).split(/[/\\]/).filter(Boolean).at(-1) ?? '';
  const name = last.replace(/[^A-Za-z0-9._ -]/g, '_').slice(-MAX_NAME);
  return /^[. ]*$/.test(name) ? '' : name;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
