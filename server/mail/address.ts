import type { Mailbox } from './types.js';

/** Longer ones are no mailbox; the bound keeps the patterns below linear in the input. */
const LONGEST = 1000;

function unquote(name: string): string {
  const t = name.trim();
  return t.length > 1 && t.startsWith('"') && t.endsWith('"')
    ? t.slice(1, -1).replaceAll(/\\(.)/g, '$1')
    : t;
}

/** First mailbox of a From field: `Name <a@b>`, `a@b (Name)`, `a@b`, or a bare name as archives print it. */
export function readMailbox(field: string): Mailbox {
  const text = field.slice(0, LONGEST).trim();
  const open = text.indexOf('<');
  const close = text.indexOf('>', open);
  if (open >= 0 && close > open)
    return { name: unquote(text.slice(0, open)), address: text.slice(open + 1, close) };
  const paren = text.indexOf(' (');
  const first = paren >= 0 ? text.slice(0, paren) : text;
  if (!first.includes('@') || first.includes(' ')) return { name: unquote(text) };
  return { name: paren >= 0 ? text.slice(paren + 2).replace(/\)$/, '') : '', address: first };
}

/** Ids of a References or In-Reply-To field, in order, without angle brackets. */
export function readIds(field: string): string[] {
  const ids: string[] = [];
  for (let open = field.indexOf('<'); open >= 0; open = field.indexOf('<', open + 1)) {
    const close = field.indexOf('>', open);
    if (close < 0) break;
    const id = field.slice(open + 1, close).trim();
    if (id !== '' && !/\s/.test(id)) ids.push(id);
    open = close;
  }
  return ids;
}
