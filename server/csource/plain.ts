/**
 * A reader of plain C: text → the tree that the grammar would give, for texts in which there is no
 * doubt what that is; all others it leaves to the grammar. Most files of Model C are plain, and
 * reading them needs no WebAssembly to be loaded, compiled and run.
 */
import { lex } from './lexer.js';
import { readBlock } from './plain-stmt.js';
import { node, NotPlain, type Part, Tokens } from './plain-tokens.js';
import { readDeclaration } from './plain-type.js';
import type { SNode } from './to-ast-tree.js';

/** `shift` is added to every offset. Undefined when the text is not plain. */
export function readPlain(text: string, shift: number): SNode | undefined {
  const { tokens, comments, directives } = lex(text);
  if (comments.length > 0 || directives.length > 0) return undefined;
  const t = new Tokens(tokens, shift);
  const items: Part[] = [];
  try {
    while (!t.done) {
      if (t.text(1) === '(') return undefined;
      items.push(...readDeclaration(t, readBlock));
    }
  } catch (e) {
    if (e instanceof NotPlain) return undefined;
    throw e;
  }
  return node('translation_unit', items);
}
