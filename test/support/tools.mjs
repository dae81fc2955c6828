/** Where the tools of the tests are; undefined for what is not installed. */
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The first of these programs that PATH has. @param {readonly string[]} names */
export function which(...names) {
  for (const name of names)
    for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        continue;
      }
    }
  return undefined;
}

export const browser = () => which('chromium', 'google-chrome');

/** The folder that test/setup.sh installed for this very lock file. */
export function editorHost() {
  const hash = createHash('sha256');
  for (const file of ['test/editor-host/package-lock.json', 'test/setup.sh'])
    hash.update(readFileSync(join(ROOT, file)));
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(cache, 'racelore', `editor-host-${hash.digest('hex').slice(0, 16)}`);
  return existsSync(folder) ? folder : undefined;
}

/** Real mails and threads lie beside a checkout, never in it. */
export function sharedData() {
  const folder = join(ROOT, '../shared');
  return existsSync(folder) ? folder : undefined;
}
