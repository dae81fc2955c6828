/** Code of one function while it is written: labels, statements, locals; then pruned and numbered. */
import type { Loc, Problem, TypeExpr } from './ast.js';
import type { Instr, IrExpr, IrLocal, IrStmt, LocalRef } from './ir.js';

export class Label {
  /** Place in the draft; undefined until bound. */
  at: number | undefined;
}

type Simple = Exclude<Instr, { op: 'branch' | 'jump' }>;
type Bare<T> = T extends unknown ? Omit<T, 'loc' | 'stmt'> : never;
interface Where {
  readonly loc: Loc;
  readonly stmt: number;
}
type Draft = Where &
  (
    | { readonly op: 'branch'; readonly cond: IrExpr; readonly then: Label; readonly else: Label }
    /** `kept`: written in the source, so that it stays even when it leads to the next instruction. */
    | { readonly op: 'jump'; readonly to: Label; readonly kept: boolean }
    | { readonly op: 'simple'; readonly instr: Simple }
  );

export class Builder {
  readonly locals: IrLocal[] = [];
  readonly stmts: IrStmt[] = [];
  readonly problems: Problem[] = [];
  readonly #drafts: Draft[] = [];
  readonly #stmtByLoc = new Map<string, number>();
  #stmt = 0;
  #temps = 0;

  /** Opens (or returns to) the source statement at this place; what follows belongs to it. */
  openStmt(loc: Loc, depth: number): number {
    const key = `${String(loc.src)}:${String(loc.start)}:${String(loc.end)}`;
    let index = this.#stmtByLoc.get(key);
    if (index === undefined) {
      index = this.stmts.length;
      this.stmts.push({ loc, depth });
      this.#stmtByLoc.set(key, index);
    }
    this.#stmt = index;
    return index;
  }

  resumeStmt(index: number): void {
    this.#stmt = index;
  }

  get currentStmt(): number {
    return this.#stmt;
  }

  local(
    name: string,
    loc: Loc,
    type: TypeExpr | undefined,
    kind: 'param' | 'temp' | 'static' | 'auto',
  ): LocalRef {
    const local = this.locals.length;
    this.locals.push({
      name,
      loc,
      ...(type ? { type } : {}),
      param: kind === 'param',
      temp: kind === 'temp',
      isStatic: kind === 'static',
    });
    return { kind: 'local', local, name, loc };
  }

  temp(loc: Loc, type?: TypeExpr): LocalRef {
    this.#temps += 1;
    return this.local(`t${String(this.#temps)}`, loc, type, 'temp');
  }

  retype(local: number, type: TypeExpr): void {
    const old = this.locals[local];
    if (old) this.locals[local] = { ...old, type };
  }

  emit(loc: Loc, instr: Bare<Simple>): void {
    // Joining a variant with the fields that all variants share gives that variant back.
    this.#drafts.push({
      op: 'simple',
      loc,
      stmt: this.#stmt,
      instr: { ...instr, loc, stmt: this.#stmt } as Simple,
    });
  }

  branch(loc: Loc, cond: IrExpr, then: Label, otherwise: Label): void {
    this.#drafts.push({ op: 'branch', cond, then, else: otherwise, loc, stmt: this.#stmt });
  }

  jump(loc: Loc, to: Label, kept = false): void {
    this.#drafts.push({ op: 'jump', to, kept, loc, stmt: this.#stmt });
  }

  get size(): number {
    return this.#drafts.length;
  }

  bind(label: Label): void {
    label.at = this.#drafts.length;
  }

  problem(loc: Loc, message: string, severity: Problem['severity'] = 'error'): void {
    this.problems.push({ loc, message, severity });
  }

  /** Copies a value into a temporary. */
  capture(value: IrExpr): LocalRef {
    const temp = this.temp(value.loc);
    this.emit(value.loc, { op: 'assign', target: temp, value });
    return temp;
  }

  /** Reachable code with numbers for labels. The last draft must not fall off the end. */
  finish(): Instr[] {
    const reached = this.#reach();
    const kept = this.#drafts.map((d, i) => reached.has(i) && !this.#idle(d, i, reached));
    const numbers: number[] = [];
    let count = 0;
    for (const keep of kept) {
      numbers.push(count);
      if (keep) count += 1;
    }
    const target = (label: Label): number => numbers[label.at ?? 0] ?? 0;
    return this.#drafts.flatMap((d, i): Instr[] => {
      if (!kept[i]) return [];
      const { loc, stmt } = d;
      if (d.op === 'simple') return [d.instr];
      if (d.op === 'jump') return [{ op: 'jump', to: target(d.to), loc, stmt }];
      return [
        { op: 'branch', cond: d.cond, then: target(d.then), else: target(d.else), loc, stmt },
      ];
    });
  }

  #reach(): ReadonlySet<number> {
    const reached = new Set<number>();
    const work = [0];
    for (let at = work.pop(); at !== undefined; at = work.pop()) {
      const draft = this.#drafts[at];
      if (!draft || reached.has(at)) continue;
      reached.add(at);
      if (draft.op === 'branch') work.push(draft.else.at ?? 0, draft.then.at ?? 0);
      else if (draft.op === 'jump') work.push(draft.to.at ?? 0);
      else if (draft.instr.op !== 'return') work.push(at + 1);
    }
    return reached;
  }

  /** A jump of our own to what comes next anyway. */
  #idle(draft: Draft, at: number, reached: ReadonlySet<number>): boolean {
    if (draft.op !== 'jump' || draft.kept) return false;
    const to = draft.to.at ?? 0;
    if (to <= at) return false;
    for (let i = at + 1; i < to; i++) if (reached.has(i)) return false;
    return true;
  }
}
