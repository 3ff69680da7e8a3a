import { writeFileSync } from 'node:fs';
import { fromInvocation } from '../system/invocation-folder.js';
import type { Output } from './output.js';

/** Writes what the API gave as base64 to a file below the folder in which `kw` was called, and says where it is. */
export function saveFile(output: Output, name: string, content: string): void {
  const file = fromInvocation(name);
  writeFileSync(file, Buffer.from(content, 'base64'));
  output.show({ file }, () => file);
}
