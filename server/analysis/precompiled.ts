/**
 * Files of the model kernel parsed ahead, when the product is built: starting parses none of them.
 * A file counts only for the very text and place in the table that it was made from.
 */
import type { Unit } from '../csource/ast.js';
import type { SourceText } from '../csource/source.js';
import { shortHash } from './confirmed.js';
import type { KernelFile, ModelKernel } from './model.js';

export interface Precompiled {
  readonly name: string;
  readonly hash: string;
  readonly unit: Unit;
}

function hashOf(text: string): string {
  return `${text.length.toString(16)}-${shortHash(text)}`;
}

/** What the next start need not parse, as plain data. */
export function precompile(kernel: ModelKernel): readonly Precompiled[] {
  const { kernelUnits, contractUnits, scenarios, table } = kernel;
  return [...kernelUnits, ...contractUnits, ...scenarios.map((s) => s.unit)].map((unit) => {
    const { name, text } = table.get(unit.src);
    return { name, hash: hashOf(text), unit };
  });
}

/** The parsed file, when it was made from this text. */
export function parsedAhead(file: KernelFile, src: SourceText): Unit | undefined {
  const made = file.parsed;
  return made?.unit.src === src.id && made.hash === hashOf(file.text) ? made.unit : undefined;
}
