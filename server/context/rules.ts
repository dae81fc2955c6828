/** Rules as the kernel C declares them: waiting for one class while holding another. */
import type { Program } from '../csource/ir.js';

export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly held: string;
  readonly waits: string;
  /** The comment above the declaration: the rule's page. */
  readonly doc: string;
}

/** `__rule("RL-…", "title", "held class", "wait class");` in order. */
export function rulesOf(program: Pick<Program, 'declarations'>): readonly Rule[] {
  return program.declarations.flatMap((d) => {
    if (d.name !== '__rule') return [];
    const [id, title, held, waits] = d.args.map((a) => (a.kind === 'string' ? a.value : undefined));
    if (id === undefined || title === undefined || held === undefined || waits === undefined)
      return [];
    return [{ id, title, held, waits, doc: d.doc }];
  });
}
