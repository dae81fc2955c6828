/** Types of temporaries: of what is first assigned to them; they come in the order of the code. */
import type { CType, Instr } from './ir.js';
import { type TypeContext, type TypeScope, expressionType, resultType } from './types-expr.js';
import { INT, VOID_POINTER } from './types-int.js';

/** By index of the local; those that have a declared type are not in it. */
export function temporaryTypes(
  scope: TypeScope,
  names: Omit<TypeContext, 'localType'>,
): ReadonlyMap<number, CType> {
  const types = new Map<number, CType>();
  const context: TypeContext = {
    ...names,
    localType: (local) => {
      const type = scope.locals[local]?.type;
      return type ? names.resolve(type) : (types.get(local) ?? INT);
    },
  };
  for (const instr of scope.code) {
    const local = receiver(instr);
    if (local === undefined || scope.locals[local]?.type || types.has(local)) continue;
    const type = received(instr, context);
    if (type) types.set(local, type);
  }
  return types;
}

function receiver(instr: Instr): number | undefined {
  if (instr.op === 'assign') return instr.target.kind === 'local' ? instr.target.local : undefined;
  return instr.op === 'call' || instr.op === 'intrinsic' ? instr.result : undefined;
}

function received(instr: Instr, context: TypeContext): CType | undefined {
  if (instr.op === 'assign') return expressionType(instr.value, context);
  if (instr.op === 'call') return resultType(expressionType(instr.callee, context));
  if (instr.op !== 'intrinsic' || instr.name !== '__alloc') return INT;
  const pool = instr.args[0] && expressionType(instr.args[0], context);
  return pool?.kind === 'array' ? { kind: 'pointer', to: pool.of } : VOID_POINTER;
}
