/** What a function does, in order, as a finite automaton over events; conditions are free choices. */
import type { Block, Call, Expr, Stmt } from '../csource/ast.js';

/** A call, by the name of what is called, `->name` for one through a pointer; `.field =` for a store. */
export interface Edge {
  readonly to: number;
  readonly event: string | undefined;
  /** Number of the atomic region that it is in; 0 outside. */
  readonly region: number;
}

export interface Events {
  readonly edges: readonly (readonly Edge[])[];
  readonly start: number;
  readonly end: number;
}

/** A function's body, or what a macro stands for. */
export type Body = Block | readonly Stmt[] | Expr;

/** What a name stands for. */
export type Meaning =
  /** Under the name that both sides have for it. */
  | { readonly kind: 'event'; readonly as: string }
  | { readonly kind: 'maybe'; readonly as: string }
  /** Any number of them, or none. */
  | { readonly kind: 'events'; readonly as: string }
  /** A body that is gone through in place. */
  | { readonly kind: 'body'; readonly body: Body }
  | { readonly kind: 'nothing' };

export interface Language {
  /** Of a call of `name` with these arguments. */
  meaning(name: string, args: readonly Expr[]): Meaning;
  /** Whether stores to a member of this name count. */
  stored(field: string): boolean;
  /** Value of an expression that a version of the kernel fixes. */
  constant(e: Expr): boolean | undefined;
}

/** Bodies inside bodies that are followed. */
const MOST_DEPTH = 6;
/** Places of one automaton; a function that is larger is not compared. */
const MOST_PLACES = 20_000;

interface Frame {
  readonly exit: number;
  readonly labels: Map<string, number>;
  readonly breaks: number[];
  readonly continues: number[];
  readonly depth: number;
  readonly inside: readonly string[];
}

class Builder {
  readonly edges: Edge[][] = [];
  #regions = 0;
  #region = 0;

  constructor(readonly language: Language) {}

  place(): number {
    return this.edges.push([]) - 1;
  }

  edge(from: number, to: number, event?: string): void {
    this.edges[from]?.push({ to, event, region: this.#region });
  }

  /** Goes through a body from `from`; where it comes out. */
  body(body: Body, from: number, outer: Frame | undefined): number {
    const exit = this.place();
    const frame: Frame = {
      exit,
      labels: new Map(),
      breaks: [],
      continues: [],
      depth: (outer?.depth ?? -1) + 1,
      inside: outer?.inside ?? [],
    };
    const end = isStmts(body)
      ? this.stmts(body, from, frame)
      : body.kind === 'block'
        ? this.stmts(body.body, from, frame)
        : this.expr(body, from, frame);
    this.edge(end, exit);
    return exit;
  }

  stmts(all: readonly Stmt[], from: number, f: Frame): number {
    let at = from;
    for (let i = 0; i < all.length; i++) {
      const [s, next] = [all[i], all[i + 1]];
      const found = s && next && this.foundOrNot(s, next, at, f);
      if (found !== undefined) i++;
      if (s) at = found ?? this.stmt(s, at, f);
    }
    return at;
  }

  /** `x = lookup(…); if (!x) …`: there is an event exactly where the lookup found something. */
  foundOrNot(s: Stmt, next: Stmt, from: number, f: Frame): number | undefined {
    const lookup = lookupOf(s);
    if (!lookup || next.kind !== 'if') return undefined;
    const { callee, args } = lookup.call;
    const meaning = callee.kind === 'ident' ? this.language.meaning(callee.name, args) : undefined;
    const sense = meaning?.kind === 'maybe' ? senseOf(next.test, lookup.name) : undefined;
    if (meaning?.kind !== 'maybe' || sense === undefined) return undefined;
    const at = this.exprs(args, from, f);
    const found = this.event(meaning.as, at);
    const none = this.place();
    this.edge(at, none);
    const out = this.place();
    this.edge(this.stmt(next.then, sense ? found : none, f), out);
    const other = sense ? none : found;
    this.edge(next.else ? this.stmt(next.else, other, f) : other, out);
    return out;
  }

  /** A region inside a region is part of it. */
  atomic(body: Block, from: number, f: Frame): number {
    if (this.#region !== 0) return this.stmts(body.body, from, f);
    this.#region = ++this.#regions;
    const end = this.stmts(body.body, from, f);
    this.#region = 0;
    return end;
  }

  label(name: string, f: Frame): number {
    const known = f.labels.get(name) ?? this.place();
    f.labels.set(name, known);
    return known;
  }

  stmt(s: Stmt, from: number, f: Frame): number {
    switch (s.kind) {
      case 'block':
        return this.stmts(s.body, from, f);
      case 'atomic':
        return this.atomic(s.body, from, f);
      case 'expr':
        return this.expr(s.expr, from, f);
      case 'decl':
        return s.vars.reduce((at, v) => (v.init ? this.expr(v.init, at, f) : at), from);
      case 'if':
        return this.choice(s.test, from, f, [
          (at) => this.stmt(s.then, at, f),
          (at) => (s.else ? this.stmt(s.else, at, f) : at),
        ]);
      case 'while':
      case 'doWhile':
      case 'for':
      case 'macroLoop':
        return this.loop(s, from, f);
      case 'switch':
        return this.switch(s, from, f);
      case 'case':
        return from;
      case 'label': {
        const at = this.label(s.name, f);
        this.edge(from, at);
        return at;
      }
      case 'goto':
        this.edge(from, this.label(s.name, f));
        return this.place();
      case 'break':
      case 'continue': {
        const to = (s.kind === 'break' ? f.breaks : f.continues).at(-1);
        this.edge(from, to ?? f.exit);
        return this.place();
      }
      case 'empty':
        return from;
      case 'return':
        this.edge(s.value ? this.expr(s.value, from, f) : from, f.exit);
        return this.place();
      case 'errorStmt':
        return this.calls(s.calls, from, f);
    }
  }

  loop(
    s: Stmt & { readonly kind: 'while' | 'doWhile' | 'for' | 'macroLoop' },
    from: number,
    f: Frame,
  ): number {
    let at = from;
    if (s.kind === 'for' && s.init) at = this.stmt(s.init, at, f);
    if (s.kind === 'macroLoop') at = this.exprs(s.args, at, f);
    const head = this.place();
    const out = this.place();
    const next = this.place();
    this.edge(at, head);
    f.breaks.push(out);
    f.continues.push(next);
    const test = s.kind === 'macroLoop' ? undefined : s.test;
    const endless = s.kind === 'for' && !test;
    const always = test ? this.language.constant(test) : endless || undefined;
    const tested = test && s.kind !== 'doWhile' ? this.expr(test, head, f) : head;
    if (s.kind !== 'doWhile' && always !== true) this.edge(tested, out);
    if (s.kind === 'doWhile' || always !== false) this.edge(this.stmt(s.body, tested, f), next);
    const again = s.kind === 'for' && s.step ? this.expr(s.step, next, f) : next;
    if (s.kind === 'doWhile') {
      const end = this.expr(s.test, again, f);
      if (always !== true) this.edge(end, out);
      if (always !== false) this.edge(end, head);
    } else this.edge(again, head);
    f.breaks.pop();
    f.continues.pop();
    return out;
  }

  switch(s: Stmt & { readonly kind: 'switch' }, from: number, f: Frame): number {
    const head = this.expr(s.value, from, f);
    const out = this.place();
    f.breaks.push(out);
    const items = s.body.kind === 'block' ? s.body.body : [s.body];
    let at = this.place();
    let rest = true;
    for (const item of items) {
      if (item.kind === 'case') {
        this.edge(head, at);
        if (item.value === undefined) rest = false;
      } else at = this.stmt(item, at, f);
      if (item.kind !== 'case') {
        const next = this.place();
        this.edge(at, next);
        at = next;
      }
    }
    this.edge(at, out);
    if (rest) this.edge(head, out);
    f.breaks.pop();
    return out;
  }

  /** A test, then one of two ways that meet again. */
  choice(
    test: Expr,
    from: number,
    f: Frame,
    [then, other]: readonly [(at: number) => number, (at: number) => number],
  ): number {
    const fixed = this.language.constant(test);
    const at = fixed === undefined ? this.expr(test, from, f) : from;
    if (fixed !== undefined) return fixed ? then(at) : other(at);
    const out = this.place();
    for (const way of [then, other]) {
      const start = this.place();
      this.edge(at, start);
      this.edge(way(start), out);
    }
    return out;
  }

  exprs(all: readonly (Expr | undefined)[], from: number, f: Frame): number {
    return all.reduce<number>((at, e) => (e ? this.expr(e, at, f) : at), from);
  }

  expr(e: Expr, from: number, f: Frame): number {
    switch (e.kind) {
      case 'ident':
      case 'number':
      case 'string':
      case 'sizeof':
      case 'offsetof':
      case 'typeArg':
        return from;
      case 'update':
        return this.store(e.operand, this.expr(e.operand, from, f));
      case 'unary':
      case 'cast':
        return this.expr(e.operand, from, f);
      case 'binary':
      case 'comma':
        return this.exprs([e.left, e.right], from, f);
      case 'logical':
        return this.choice(
          e.left,
          from,
          f,
          e.op === '&&'
            ? [(at) => this.expr(e.right, at, f), (at) => at]
            : [(at) => at, (at) => this.expr(e.right, at, f)],
        );
      case 'cond':
        return this.choice(e.test, from, f, [
          (at) => (e.then ? this.expr(e.then, at, f) : at),
          (at) => this.expr(e.else, at, f),
        ]);
      case 'assign':
        return this.store(e.target, this.exprs([e.value, e.target], from, f));
      case 'call':
        return this.call(e, from, f);
      case 'member':
        return this.expr(e.object, from, f);
      case 'index':
        return this.exprs([e.object, e.index], from, f);
      case 'initList':
        return this.exprs(
          e.items.map((i) => i.value),
          from,
          f,
        );
      case 'stmtExpr':
        return this.stmts(e.body.body, from, f);
      case 'error':
        return this.calls(e.calls, from, f);
    }
  }

  calls(all: readonly Call[], from: number, f: Frame): number {
    return all.reduce((at, c) => this.call(c, at, f), from);
  }

  call(e: Call, from: number, f: Frame): number {
    const at = this.exprs(e.args, from, f);
    if (e.callee.kind === 'member')
      return this.event(`->${e.callee.name}`, this.expr(e.callee.object, at, f));
    if (e.callee.kind !== 'ident') return this.expr(e.callee, at, f);
    const { name } = e.callee;
    const meaning = this.language.meaning(name, e.args);
    if (meaning.kind === 'event') return this.event(meaning.as, at);
    if (meaning.kind === 'maybe') {
      const to = this.event(meaning.as, at);
      this.edge(at, to);
      return to;
    }
    if (meaning.kind === 'events') {
      const again = this.place();
      this.edge(at, again);
      this.edge(again, again, meaning.as);
      return again;
    }
    if (meaning.kind === 'nothing' || f.depth >= MOST_DEPTH || f.inside.includes(name)) return at;
    if (this.edges.length > MOST_PLACES) return at;
    return this.body(meaning.body, at, { ...f, inside: [...f.inside, name] });
  }

  store(target: Expr, from: number): number {
    if (target.kind === 'index') return this.store(target.object, from);
    if (target.kind !== 'member' || !this.language.stored(target.name)) return from;
    return this.event(`.${target.name} =`, from);
  }

  event(name: string, from: number): number {
    const to = this.place();
    this.edge(from, to, name);
    return to;
  }
}

/** The variable that a statement sets to what a call returns. */
function lookupOf(s: Stmt): { readonly name: string; readonly call: Call } | undefined {
  if (s.kind === 'expr' && s.expr.kind === 'assign') {
    const { op, target, value } = s.expr;
    const fits = op === '=' && target.kind === 'ident' && value.kind === 'call';
    return fits ? { name: target.name, call: value } : undefined;
  }
  const last = s.kind === 'decl' ? s.vars.at(-1) : undefined;
  const only = s.kind === 'decl' && s.vars.length === 1;
  return only && last?.init?.kind === 'call' ? { name: last.name, call: last.init } : undefined;
}

/** Whether a test is that a variable is set, or that it is not; undefined for any other test. */
function senseOf(test: Expr, name: string): boolean | undefined {
  if (test.kind === 'ident') return test.name === name ? true : undefined;
  if (test.kind !== 'unary' || test.op !== '!') return undefined;
  const inner = senseOf(test.operand, name);
  return inner === undefined ? undefined : !inner;
}

function isStmts(body: Body): body is readonly Stmt[] {
  return Array.isArray(body);
}

/** Undefined when the function is too large to be compared. */
export function eventsOf(body: Body, language: Language, name: string): Events | undefined {
  const builder = new Builder(language);
  const start = builder.place();
  const self: Frame = {
    exit: start,
    labels: new Map(),
    breaks: [],
    continues: [],
    depth: -1,
    inside: [name],
  };
  const end = builder.body(body, start, self);
  return builder.edges.length > MOST_PLACES ? undefined : { edges: builder.edges, start, end };
}
