/** What a program uses but does not have: names, members, functions; each at its place. */
import type { Problem } from './ast.js';
import type { CType, Instr, IrExpr, IrFunction, IrGlobal } from './ir.js';
import { checkAttributes, elementOf, rangeProblem } from './layout.js';
import type { ProgramEnv } from './lower-env.js';
import { checkDeclarations } from './link-declared.js';
import { intrinsicProblem } from './link-intrinsics.js';
import { builtinConstant } from './constant.js';
import type { TypeTable } from './types.js';

export function checkProgram(
  functions: ReadonlyMap<string, IrFunction>,
  globals: ReadonlyMap<string, IrGlobal>,
  env: ProgramEnv,
  types: TypeTable,
): readonly Problem[] {
  const checker = new Checker(env, globals, types);
  for (const global of globals.values()) checker.global(global);
  for (const fn of functions.values()) checker.function(fn);
  return [...checker.problems, ...checkDeclarations(env, globals, types)];
}

class Checker {
  readonly problems: Problem[] = [];
  readonly #seen = new Set<string>();
  readonly #env: ProgramEnv;
  readonly #globals: ReadonlyMap<string, IrGlobal>;
  readonly #types: TypeTable;

  constructor(env: ProgramEnv, globals: ReadonlyMap<string, IrGlobal>, types: TypeTable) {
    this.#env = env;
    this.#globals = globals;
    this.#types = types;
  }

  global(global: IrGlobal): void {
    this.#object(this.#types.resolve(global.type), global.name, global.loc);
    checkAttributes(global.attrs, (p) => {
      this.problems.push(p);
    });
    const range = rangeProblem(global.name, global.attrs, this.#types.rangeOf(global.attrs));
    if (range) this.problems.push(range);
    for (const { target, value } of global.init) {
      this.#expr(target, undefined);
      this.#expr(value, undefined);
    }
  }

  function(fn: IrFunction): void {
    for (const local of fn.locals)
      if (local.type) this.#object(this.#types.resolve(local.type), local.name, local.loc);
    for (const instr of fn.code) this.#instr(instr, fn);
  }

  #instr(instr: Instr, fn: IrFunction): void {
    switch (instr.op) {
      case 'assign':
        this.#expr(instr.target, fn);
        this.#expr(instr.value, fn);
        this.#assigned(instr, fn);
        break;
      case 'zero':
        this.#expr(instr.target, fn);
        break;
      case 'call':
        this.#call(instr, fn);
        break;
      case 'intrinsic':
        this.#intrinsic(instr, fn);
        break;
      case 'branch':
        this.#expr(instr.cond, fn);
        break;
      case 'return':
        if (instr.value) this.#expr(instr.value, fn);
        break;
      case 'unknown':
        this.#add(instr.loc, instr.reason, 'error');
        break;
      case 'jump':
      case 'atomic':
        break;
    }
  }

  #assigned({ target, value }: Extract<Instr, { op: 'assign' }>, fn: IrFunction): void {
    const to = this.#types.typeOf(target, fn).kind;
    const from = this.#types.typeOf(value, fn).kind;
    const isNumber = from === 'int' || from === 'pointer';
    if (to === 'struct' && isNumber)
      this.#add(value.loc, 'a number is assigned to a struct', 'error');
    if (from === 'struct' && (to === 'int' || to === 'pointer'))
      this.#add(value.loc, 'a struct is assigned to a number', 'error');
  }

  #intrinsic(instr: Extract<Instr, { op: 'intrinsic' }>, fn: IrFunction): void {
    for (const arg of instr.args) this.#expr(arg, fn);
    const wrong = intrinsicProblem(instr, fn, this.#globals, this.#types);
    if (wrong) this.#add(wrong.loc, wrong.message, 'error');
  }

  #call(instr: Extract<Instr, { op: 'call' }>, fn: IrFunction): void {
    for (const arg of instr.args) this.#expr(arg, fn);
    const { callee } = instr;
    const type = this.#types.typeOf(callee, fn);
    const called = type.kind === 'pointer' ? type.to : type;
    if (called.kind === 'int' || called.kind === 'struct' || called.kind === 'array')
      this.#add(callee.loc, 'what is called is no function', 'error');
    if (instr.result !== undefined && called.kind === 'function' && called.result.kind === 'void')
      this.#add(instr.loc, 'the value of a function that returns nothing is used', 'error');
    if (callee.kind !== 'ident') {
      this.#expr(callee, fn);
      return;
    }
    const declared = this.#env.names.functions.get(callee.name);
    if (!declared && !this.#globals.has(callee.name)) {
      this.#add(callee.loc, `function ${callee.name} is not declared`, 'note');
    } else if (declared && declared.params.length !== instr.args.length) {
      const message = `${callee.name} takes ${String(declared.params.length)} arguments, not ${String(instr.args.length)}`;
      this.#add(instr.loc, message, 'error');
    }
  }

  #expr(e: IrExpr, fn: IrFunction | undefined): void {
    switch (e.kind) {
      case 'ident':
        if (!this.#known(e.name)) this.#add(e.loc, `${e.name} is not declared`, 'error');
        break;
      case 'unary':
        this.#expr(e.operand, fn);
        break;
      case 'cast':
        this.#expr(e.operand, fn);
        this.#cast(e, fn);
        break;
      case 'binary':
        this.#expr(e.left, fn);
        this.#expr(e.right, fn);
        break;
      case 'member':
        this.#expr(e.object, fn);
        this.#member(e, fn);
        break;
      case 'index':
        this.#expr(e.object, fn);
        this.#expr(e.index, fn);
        break;
      case 'offsetof':
        if (this.#types.offsetOf(e) === undefined) this.#add(e.loc, 'no such member', 'error');
        break;
      case 'number':
        if (!Number.isInteger(e.value))
          this.#add(e.loc, 'floating point is not supported', 'error');
        break;
      case 'local':
      case 'string':
      case 'sizeof':
      case 'typeArg':
      case 'error':
        break;
    }
  }

  /** Objects are not converted; a pointer to one kind of struct is not taken for one to another. */
  #cast(e: Extract<IrExpr, { kind: 'cast' }>, fn: IrFunction | undefined): void {
    const to = this.#types.resolve(e.type);
    const from = this.#types.typeOf(e.operand, fn);
    if (to.kind === 'struct' || to.kind === 'array' || to.kind === 'function')
      this.#add(e.loc, 'cast to something that is neither a number nor a pointer', 'error');
    if (to.kind !== 'pointer' || from.kind !== 'pointer') return;
    if (from.to.kind !== 'struct' || to.to.kind !== 'struct') return;
    if (!beginsWith(from.to, to.to) && !beginsWith(to.to, from.to))
      this.#add(e.loc, `cast from ${from.to.layout.name} to ${to.to.layout.name}`, 'error');
  }

  #known(name: string): boolean {
    return (
      this.#globals.has(name) ||
      this.#env.names.functions.has(name) ||
      this.#env.names.enumConstants.has(name) ||
      builtinConstant(name) !== undefined
    );
  }

  #member(e: Extract<IrExpr, { kind: 'member' }>, fn: IrFunction | undefined): void {
    const object = this.#types.typeOf(e.object, fn);
    const target =
      object.kind === 'pointer' || object.kind === 'array'
        ? object.kind === 'array'
          ? object.of
          : object.to
        : object;
    if (target.kind === 'opaque') {
      // A name without a declaration was reported already.
      if (/^(struct|union) /.test(target.name))
        this.#add(e.nameLoc, `${target.name} is not defined`, 'error');
    } else if (target.kind !== 'struct') {
      this.#add(e.nameLoc, `member ${e.name} of something that is no struct`, 'error');
    } else if (!target.layout.fields.has(e.name)) {
      this.#add(e.nameLoc, `${target.layout.name} has no member ${e.name}`, 'error');
    } else if (e.arrow === (object.kind === 'struct')) {
      this.#add(e.nameLoc, e.arrow ? '-> on a struct' : '. on a pointer', 'error');
    }
  }

  #object(type: CType, name: string, loc: Problem['loc']): void {
    const element = elementOf(type);
    if (element.kind !== 'opaque' && element.kind !== 'void') return;
    const what = element.kind === 'opaque' ? element.name : 'void';
    this.#add(loc, `${name} has no known size: ${what} is not defined`, 'error');
  }

  /** Once a place: a macro uses its argument several times. */
  #add(loc: Problem['loc'], message: string, severity: Problem['severity']): void {
    const key = `${String(loc.src)}:${String(loc.start)}:${message}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.problems.push({ loc, message, severity });
  }
}

/** Whether the first cell of a struct is that of another one inside it, or of itself. */
function beginsWith(outer: CType, inner: CType): boolean {
  if (outer.kind === 'array') return beginsWith(outer.of, inner);
  if (outer.kind !== 'struct' || inner.kind !== 'struct') return false;
  if (outer.layout === inner.layout) return true;
  return [...outer.layout.fields.values()].some((f) => f.offset === 0 && beginsWith(f.type, inner));
}
