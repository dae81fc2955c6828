/** Lock context at one place as Markdown that is complete on its own. */
import type { CalleeFacts, PlaceFacts } from '../context/at.js';
import type { Held } from '../context/held.js';
import type { Loc, SourceTable } from '../csource/source.js';
import { oneLine } from './plain.js';

const MAX_WAITS = 6;

/** Text inside back-ticks: nothing of the input can end the code span or start a link. */
function code(text: string): string {
  return `\`${oneLine(text).replace(/`/g, "'")}\``;
}

function where(loc: Loc, table: SourceTable): string {
  const at = table.docRange(loc);
  const file = at.uri.startsWith('racelore:') ? at.uri.slice('racelore:/kernel/'.length) : 'line';
  return file === 'line' ? `line ${at.line + 1}` : `${file}:${at.line + 1}`;
}

/** `inode` for a lock that is called by its member: `i_lock` of `inode`. */
function ownerOf(h: Held): string {
  for (const dot of ['->', '.'])
    if (h.object.endsWith(`${dot}${h.class}`))
      return h.object.slice(0, -dot.length - h.class.length);
  return h.object === h.class ? '' : h.object;
}

function heldLine(h: Held, fn: string, table: SourceTable): string {
  const owner = ownerOf(h);
  const object = owner === '' ? '' : ` of ${code(owner)}`;
  // only locks that the C names by their member have modes that say something
  const mode = h.named ? '' : `${h.shared ? 'shared' : 'exclusive'}, `;
  const taken =
    h.from === 'caller'
      ? `by the caller (${code(h.function)}, ${where(h.at, table)})`
      : `taken at ${where(h.at, table)}`;
  const sure = h.certain ? 'always' : 'on some path';
  const elsewhere = h.function === fn || h.from === 'caller' ? '' : ` in ${code(h.function)}`;
  return `- **${oneLine(h.class)}**${object}: ${mode}${taken}, ${sure}${elsewhere}`;
}

function calleeLines(c: CalleeFacts, table: SourceTable): readonly string[] {
  const out: string[] = [];
  const list = (names: readonly string[]): string =>
    names.map((n) => `**${oneLine(n)}**`).join(', ');
  out.push(
    `${code(c.name)}${c.model ? ` (model: ${where(c.model, table)})` : ': not in the model'}`,
  );
  if (c.acquires.length > 0) out.push(`- takes ${list(c.acquires)}`);
  if (c.releases.length > 0) out.push(`- releases ${list(c.releases)}`);
  const waits = [...new Map([...c.waits].reverse().map((w) => [w.class, w])).values()].reverse();
  for (const w of waits.slice(0, MAX_WAITS))
    out.push(
      `- may wait for **${oneLine(w.class)}** in ${code(w.function)}${w.chain.length > 1 ? ` (${w.chain.map(oneLine).join(' → ')})` : ''}`,
    );
  if (waits.length > MAX_WAITS) out.push(`- and ${waits.length - MAX_WAITS} more waits`);
  return out;
}

/** `watched`: classes of which it matters that they are not held (from the rules). */
export function hoverMarkdown(
  f: PlaceFacts,
  table: SourceTable,
  watched: readonly string[],
): string {
  const out: string[] = [`**Held in ${code(f.function)}**`, ''];
  if (f.held.length === 0) out.push('- nothing known');
  for (const h of f.held) out.push(heldLine(h, f.function, table));
  for (const w of watched)
    if (!f.held.some((h) => h.class === w)) out.push(`- ${oneLine(w)}: none`);
  out.push('', `Context: ${f.contexts.map((c) => oneLine(c.name)).join(', ')}`);
  if (f.callee) out.push('', ...calleeLines(f.callee, table));
  return out.join('\n');
}
