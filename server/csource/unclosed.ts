/**
 * What a text opens and does not close: comments, strings, conditionals. The lexer reads on behind
 * each of them, so that a patch still has a meaning; in a file that is whole they are mistakes.
 */
import { lex, type Range } from './lexer.js';
import { unchosenBranches } from './mask-cond.js';

export interface Unclosed extends Range {
  readonly message: string;
}

/** In order of kinds. Offsets are those of `text`. */
export function unclosedIn(text: string): readonly Unclosed[] {
  const lexed = lex(text);
  const left = unchosenBranches(lexed);
  const isLeft = (at: number): boolean => left.some((r) => at >= r.start && at < r.end);
  const found: Unclosed[] = [];
  const openComment = ({ start, end }: Range): void => {
    const comment = text.slice(start, end);
    if (comment.startsWith('/*') && (comment.length < 4 || !comment.endsWith('*/')))
      found.push({ start, end: start + 2, message: 'this comment has no end' });
  };
  const openQuote = (token: string, start: number): void => {
    if (isClosed(token) || isLeft(start)) return;
    const message = `this ${token.startsWith('"') ? 'string' : 'character'} has no end in its line`;
    found.push({ start, end: start + token.length, message });
  };
  lexed.comments.forEach(openComment);
  for (const t of lexed.tokens)
    if (t.kind === 'str' || t.kind === 'chr') openQuote(t.text, t.start);
  for (const d of lexed.directives) {
    if (d.word !== 'define') continue;
    // Without its `#` it is read like any other text.
    const inner = lex(text.slice(d.start + 1, d.end));
    for (const c of inner.comments)
      openComment({ start: c.start + d.start + 1, end: c.end + d.start + 1 });
    for (const t of inner.tokens)
      if (t.kind === 'str' || t.kind === 'chr') openQuote(t.text, t.start + d.start + 1);
  }
  const open: Range[] = [];
  for (const d of lexed.directives) {
    const alone = (): void => {
      found.push({ start: d.start, end: d.end, message: `#${d.word} without #if` });
    };
    if (d.word === 'if' || d.word === 'ifdef' || d.word === 'ifndef') open.push(d);
    else if (d.word === 'endif' ? !open.pop() : /^(?:else|elif)$/.test(d.word) && !open.length)
      alone();
  }
  for (const { start, end } of open) found.push({ start, end, message: 'no #endif for this' });
  return found;
}

/** Whether a string or character constant ends with its quote, and that one is not escaped. */
function isClosed(token: string): boolean {
  const back = /\\*(?=.$)/.exec(token)?.[0] ?? '';
  return token.length > 1 && token.at(-1) === token[0] && back.length % 2 === 0;
}
