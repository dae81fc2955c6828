/**
 * Contracts of functions whose body is not known, from the kernel's annotations on their declarations:
 * `__must_hold(x)`, `__acquires(x)`, `__releases(x)`, `__cond_acquires(x)`, `__sleeps("why")`, and
 * `__gives(x, to)`: what is held as x ends from now on with what `to` is.
 * A lock that is no lock of C has a class as second argument: `__acquires(handle, "handle")`.
 */
import type { Attr, Expr } from '../csource/ast.js';
import type { Declared, IrExpr } from '../csource/ir.js';
import { classOfPath } from './held.js';
import { objectOf } from './paths.js';
import type { Gift, Summary, TokenEffect, Variant } from './summary.js';
import { hasEffect, NO_EFFECT } from './summary.js';

export interface Contract {
  /** Held at entry, in terms of the parameters. */
  readonly required: readonly TokenEffect[];
  readonly summary: Summary;
  /** Why every call may sleep. */
  readonly sleeps: string | undefined;
}

export const NO_CONTRACT: Contract = { required: [], summary: NO_EFFECT, sleeps: undefined };

/** An annotation's argument with the parameters that it names. */
function pathOf(e: Expr, params: ReadonlyMap<string, number>): IrExpr | undefined {
  switch (e.kind) {
    case 'ident': {
      const local = params.get(e.name);
      return local === undefined ? e : { kind: 'local', local, name: e.name, loc: e.loc };
    }
    case 'number':
      return e;
    case 'member': {
      const object = pathOf(e.object, params);
      return object && { ...e, object };
    }
    case 'unary': {
      const operand = pathOf(e.operand, params);
      return operand && { ...e, operand };
    }
    case 'cast': {
      const operand = pathOf(e.operand, params);
      return operand && { ...e, operand };
    }
    case 'index': {
      const object = pathOf(e.object, params);
      const index = object && pathOf(e.index, params);
      return index && { ...e, object, index };
    }
    default:
      return undefined;
  }
}

function effectOf(
  attr: Attr,
  at: number,
  params: ReadonlyMap<string, number>,
): readonly TokenEffect[] {
  const [arg, name] = attr.args.slice(at);
  const found = arg && pathOf(arg, params);
  if (!found) return [];
  const path = objectOf(found);
  const isNamed = name?.kind === 'string';
  return [
    {
      class: isNamed ? name.value : classOfPath(path),
      ...{ named: isNamed, path, returned: arg.kind === 'ident' && arg.name === 'return' },
      ...{ shared: attr.name.includes('shared'), certain: true, atomic: false, waits: false },
    },
  ];
}

function giftOf(attr: Attr, params: ReadonlyMap<string, number>): readonly Gift[] {
  const [what] = effectOf({ ...attr, args: attr.args.slice(0, 1) }, 0, params);
  const to = attr.args[1] && pathOf(attr.args[1], params);
  return what && to ? [{ what, to }] : [];
}

function read(declared: readonly Declared[]): Contract {
  const held: TokenEffect[] = [];
  const acquires: TokenEffect[] = [];
  const releases: TokenEffect[] = [];
  const conditional: TokenEffect[] = [];
  const gives: Gift[] = [];
  let sleeps: string | undefined;
  for (const { params, attrs } of declared) {
    const names = new Map(params.map((p, i) => [p.name ?? '', i]));
    for (const attr of attrs)
      switch (attr.name) {
        case '__must_hold':
        case '__must_hold_shared':
          held.push(...effectOf(attr, 0, names));
          break;
        case '__acquires':
        case '__acquires_shared':
          acquires.push(...effectOf(attr, 0, names));
          break;
        case '__releases':
        case '__releases_shared':
          releases.push(...effectOf(attr, 0, names));
          break;
        case '__cond_acquires':
        case '__cond_acquires_shared':
          conditional.push(...effectOf(attr, attr.args.length > 1 ? 1 : 0, names));
          break;
        case '__gives':
          gives.push(...giftOf(attr, names));
          break;
        case '__sleeps':
          sleeps = attr.args[0]?.kind === 'string' ? attr.args[0].value : 'sleeps';
          break;
        default:
      }
  }
  const required = [...held, ...releases];
  // given back and taken again, or the other way round: the caller sees nothing of it
  const net = (
    all: readonly TokenEffect[],
    other: readonly TokenEffect[],
  ): readonly TokenEffect[] => all.filter((e) => !other.some((o) => o.class === e.class));
  const [taken, given] = [net(acquires, releases), net(releases, acquires)];
  const always = { releases: given, ...(gives.length > 0 ? { gives } : {}) };
  const variants: readonly Variant[] =
    conditional.length > 0
      ? [
          { result: 'zero', acquires: taken, ...always },
          { result: 'nonzero', acquires: [...taken, ...conditional], ...always },
        ]
      : [{ result: 'any', acquires: taken, ...always }];
  const summary = { variants };
  return { required, summary: hasEffect(summary) ? summary : NO_EFFECT, sleeps };
}

const contracts = new WeakMap<Attr, { readonly count: number; readonly contract: Contract }>();

/** What the declarations of one function say together. */
export function contractOf(declared: readonly Declared[]): Contract {
  const first = declared[0]?.attrs[0];
  if (!first) return NO_CONTRACT;
  const known = contracts.get(first);
  if (known?.count === declared.length) return known.contract;
  const contract = read(declared);
  contracts.set(first, { count: declared.length, contract });
  return contract;
}

function withGifts(v: Variant, gives: readonly Gift[] | undefined): Variant {
  return gives && v.acquires.length > 0 ? { ...v, gives } : v;
}

/** What a body does, with what its declaration adds: the body may do it through functions nobody knows. */
export function withDeclared(body: Summary, { summary }: Contract): Summary {
  const [said, more] = summary.variants;
  if (said?.gives) return { variants: body.variants.map((v) => withGifts(v, said.gives)) };
  if (!said || more || said.acquires.length + said.releases.length === 0) return body;
  const also = (
    done: readonly TokenEffect[],
    all: readonly TokenEffect[],
  ): readonly TokenEffect[] => [
    ...done.map((d) => (all.some((e) => e.class === d.class) ? { ...d, certain: true } : d)),
    ...all.filter((e) => !done.some((d) => d.class === e.class)),
  ];
  return {
    variants: body.variants.map((v) => ({
      ...v,
      acquires: also(v.acquires, said.acquires),
      releases: also(v.releases, said.releases),
    })),
  };
}
