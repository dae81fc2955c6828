import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Real mails beside the checkout; nothing of them is in the project. */
const ROOT = fileURLToPath(new URL('../../../../shared/', import.meta.url));

/** Path of a shared file, or undefined and a word on the terminal that it is not there. */
export function shared(path: string): string | undefined {
  if (existsSync(ROOT + path)) return ROOT + path;
  process.stdout.write(`not checked: ../shared/${path} is not there\n`);
  return undefined;
}

export function readShared(path: string): string {
  return readFileSync(ROOT + path, 'utf8');
}

export function readSharedBytes(path: string): Uint8Array {
  return readFileSync(ROOT + path);
}
