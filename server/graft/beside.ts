/** What stands beside the model: calls that it cannot notice, tests that have one answer in it. */
import type { FunctionDef } from '../csource/ast.js';
import type { World } from './world.js';

const patterns = new WeakMap<ReadonlySet<string>, RegExp>();

function patternOf(names: ReadonlySet<string>): RegExp {
  const known = patterns.get(names);
  if (known) return known;
  const parts = [...names].map((n) => n.replace(/[^\w*]/g, '').replace(/\*/g, '\\w*'));
  const made = new RegExp(`^(?:${parts.join('|')})$`);
  patterns.set(names, made);
  return made;
}

/** Takes no lock, waits for nothing, changes nothing that the model holds. The model's own are never so. */
export function isInertCall(name: string, world: World): boolean {
  return !world.functions.has(name) && world.inert.size > 0 && patternOf(world.inert).test(name);
}

/** What a function of one `return` returns, when it is a constant. */
function constantOf(fn: FunctionDef): boolean | undefined {
  const [only, ...more] = fn.body.body;
  if (only?.kind !== 'return' || more.length > 0) return undefined;
  const { value } = only;
  if (value?.kind === 'number') return value.value !== 0;
  return value?.kind === 'ident' && value.name === 'false' ? false : undefined;
}

/** The answer that a test has everywhere in the model; undefined when it depends. */
export function answerOf(name: string, world: World): boolean | undefined {
  const fn = world.functions.get(name);
  return fn ? constantOf(fn) : world.never.has(name) ? false : undefined;
}
