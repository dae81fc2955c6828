/** Which of a patch's own local computations nothing in the merged function reads. */
import type { FunctionDef, Stmt } from '../csource/ast.js';
import type { World } from './world.js';
import { isLocalWork, namesIn, setsOf } from './effects.js';
import { stmtsIn } from './walk.js';

/** Names that a statement gives a value or declares. */
function gives(s: Stmt, isNew: (name: string) => boolean): readonly string[] {
  const declared = s.kind === 'decl' ? s.vars.map((v) => v.name) : [];
  return [...declared, ...setsOf(s, isNew)];
}

/** `mine`: statements of the patch. `isNew`: locals that only the patch has. */
export function unread(
  fn: FunctionDef,
  mine: ReadonlySet<Stmt>,
  isNew: (name: string) => boolean,
  world: World,
): readonly Stmt[] {
  const all = [...stmtsIn(fn.body)];
  const candidates = all.filter(
    (s) =>
      (s.kind === 'decl' || s.kind === 'expr') &&
      mine.has(s) &&
      isLocalWork(s, isNew, world) &&
      gives(s, isNew).length > 0 &&
      gives(s, isNew).every(isNew),
  );
  const idle = new Set(candidates);
  const live = new Set<string>();
  for (let again = true; again;) {
    again = false;
    for (const s of all) {
      if (idle.has(s)) continue;
      for (const n of namesIn(s))
        if (isNew(n) && !live.has(n)) {
          live.add(n);
          again = true;
        }
    }
    for (const s of [...idle]) {
      if (!gives(s, isNew).some((n) => live.has(n))) continue;
      idle.delete(s);
      again = true;
    }
  }
  return [...idle];
}
