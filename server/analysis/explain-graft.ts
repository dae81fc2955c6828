/** For each changed line of a document where it went on the model, beside the model's own line. */
import type { FunctionDef } from '../csource/ast.js';
import { printC } from '../csource/print.js';
import type { Loc, SourceTable } from '../csource/source.js';
import type { Placement } from '../graft/index.js';
import { foldedModel } from '../graft/index.js';
import type { DocRange } from '../../shared/trace.js';
import { coverageOf } from './coverage.js';
import type { ModelKernel } from './model.js';
import type { PlacedPatch } from './place.js';
import type { PatchStatic, StaticAnalysis } from './static.js';
import type { ChangeStatus, Coverage } from './types.js';

export interface ExplainedLine {
  /** 0-based, in the document. */
  readonly line: number;
  readonly mark: '+' | '-';
  /** Without the mark. */
  readonly text: string;
  readonly class: Placement['class'];
  readonly why: string;
  /** Where in the model (or in the patch below) it went, and what stands there. */
  readonly model?: { readonly at: DocRange; readonly text: string };
}

export interface ExplainedFunction {
  /** Empty for what stands outside of functions. */
  readonly name: string;
  readonly modelled: boolean;
  readonly lines: readonly ExplainedLine[];
  /** The model's function before and after, as C; absent when it is not changed. */
  readonly before?: string;
  readonly after?: string;
}

export interface ExplainedChange {
  readonly label: string;
  readonly path: string;
  readonly subject: string;
  /** 0-based line of its first diff header. */
  readonly line: number;
  readonly status: ChangeStatus;
  /** `2025-07 + (a)`. */
  readonly base: string;
  readonly coverage: Coverage;
  readonly functions: readonly ExplainedFunction[];
}

function wholeLine({ src, start }: Loc, table: SourceTable): string {
  const { text } = table.get(src);
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const end = text.indexOf('\n', start);
  return text.slice(from, end < 0 ? undefined : end);
}

function explainLine(p: Placement, table: SourceTable): ExplainedLine {
  return {
    line: table.docRange(p.loc).line,
    mark: table.markOf(p.loc) === '-' ? '-' : '+',
    text: table.slice(p.loc),
    class: p.class,
    why: p.why,
    ...(p.at ? { model: { at: table.docRange(p.at), text: wholeLine(p.at, table) } } : {}),
  };
}

/** Last definition of each function in units that override each other. */
function functionsIn(units: PlacedPatch['stack']['after']): Map<string, FunctionDef> {
  const found = new Map<string, FunctionDef>();
  for (const u of units) for (const i of u.items) if (i.kind === 'function') found.set(i.name, i);
  return found;
}

function explainPatch(
  { placed }: PatchStatic,
  kernel: ModelKernel,
  table: SourceTable,
  subject: string,
): ExplainedChange {
  const { stack, patch } = placed;
  const model = foldedModel(kernel.kernelUnits, kernel.switchesOf(stack.profile));
  const before = functionsIn([...model, ...stack.before]);
  const after = functionsIn(placed.grafts.flatMap((g) => g.result.units));
  const groups = new Map<string, Placement[]>();
  for (const p of placed.grafts.flatMap((g) => g.result.placements)) {
    const name = p.function ?? '';
    groups.set(name, [...(groups.get(name) ?? []), p]);
  }
  const functions = [...groups].map(([name, lines]): ExplainedFunction => {
    const [old, now] = [before.get(name), after.get(name)];
    return {
      name,
      modelled: lines.some((l) => l.modelled),
      lines: lines.map((p) => explainLine(p, table)).sort((a, b) => a.line - b.line),
      ...(now && old ? { before: printC(old) } : {}),
      ...(now ? { after: printC(now) } : {}),
    };
  });
  return {
    label: patch.label,
    path: patch.changes.map((c) => c.primary.path).join(', '),
    subject,
    line: patch.changes[0]?.primary.headerLine ?? 0,
    status: placed.status,
    base: stack.beforeName,
    coverage: coverageOf(placed, table),
    functions,
  };
}

/** In the order in which the patches are applied. */
export function explainGraft(
  s: StaticAnalysis,
  kernel: ModelKernel,
  table: SourceTable,
): readonly ExplainedChange[] {
  return s.patches.map((p) =>
    explainPatch(p, kernel, table, s.doc.messages[p.placed.patch.message]?.subject ?? ''),
  );
}
