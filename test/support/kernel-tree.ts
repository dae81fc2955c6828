/** The kernel source that whole-file tests read, when there is one: `RACELORE_TREE`, or Debian's linux-source-6.1. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const PLACES = [process.env['RACELORE_TREE'], '/usr/src/linux-source-6.1'];

/** Linux 6.1.192: judged lines are those of this version. */
const VERSION = /^VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192$/m;

export const JUDGED_TREE = PLACES.find((dir) => {
  const file = join(dir ?? '', 'Makefile');
  if (dir === undefined || statSync(file, { throwIfNoEntry: false }) === undefined) return false;
  return VERSION.test(readFileSync(file, 'utf8'));
});

/** Names of the .c files below a folder of the tree, as the tree has them. */
export function sourcesOf(tree: string, folder: string): readonly string[] {
  return readdirSync(join(tree, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((e) => {
      const name = `${folder}/${e.name}`;
      if (e.isDirectory()) return sourcesOf(tree, name);
      return e.isFile() && e.name.endsWith('.c') ? [name] : [];
    });
}
