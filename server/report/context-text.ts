/** Lock context at one place for a terminal: at most 72 columns, safe to print. */
import type { Hover } from '../analysis/types.js';
import type { Held } from '../context/held.js';
import type { Loc, SourceTable } from '../csource/source.js';
import { COLUMNS } from './change-text.js';
import { oneLine, wrap } from './plain.js';

function where(loc: Loc, table: SourceTable, uri: string): string {
  const at = table.docRange(loc);
  const file = at.uri.startsWith('racelore:/kernel/')
    ? `model:${at.uri.slice('racelore:/kernel/'.length)}:`
    : at.uri === uri
      ? 'line '
      : `${at.uri}:`;
  return `${file}${at.line + 1}`;
}

function nameOf(h: Held): string {
  if (h.object === '' || h.object === h.class) return h.class;
  return h.named ? `${h.class} of ${h.object}` : h.object;
}

function heldText(h: Held, table: SourceTable, uri: string): string {
  const mode = h.named ? '' : h.shared ? ', shared' : ', exclusive';
  const sure = h.certain ? 'must' : 'may';
  const at = where(h.at, table, uri);
  const why =
    h.from === 'caller'
      ? `held by the caller (${h.function}, ${at})`
      : h.certain
        ? `taken at ${at}`
        : `taken at ${at} on some path`;
  const doubt = h.doubt ? '; given to an unknown function since' : '';
  return `${nameOf(h)}${mode}, ${sure}: ${why}${doubt}`;
}

/** `place`: as the user named it. Ends with a newline. */
export function contextText(place: string, hover: Hover): string {
  const { facts, table, watched, range } = hover;
  const out = [oneLine(`${place}: in ${facts.function}`)];
  const say = (text: string): void => {
    for (const line of wrap(oneLine(text), COLUMNS - 2, '  ')) out.push(`  ${line}`);
  };
  // what is sure first; in both parts in the order of acquisition
  const held = [...facts.held.filter((h) => h.certain), ...facts.held.filter((h) => !h.certain)];
  if (held.length === 0) say('nothing is known to be held');
  for (const h of held) say(heldText(h, table, range.uri));
  for (const w of watched) if (!held.some((h) => h.class === w)) say(`${w}: none`);
  say(`context: ${facts.contexts.map((c) => c.name).join(', ')}`);
  const { callee } = facts;
  if (callee) {
    if (callee.acquires.length > 0) say(`${callee.name} takes ${callee.acquires.join(', ')}`);
    if (callee.releases.length > 0) say(`${callee.name} gives back ${callee.releases.join(', ')}`);
  }
  return `${out.join('\n')}\n`;
}

/** The same for scripts. */
export function contextJson(place: string, hover: Hover): unknown {
  const { facts, table } = hover;
  return {
    ...{ schema: 'racelore/context@1', place, function: facts.function },
    held: facts.held.map((h) => {
      const at = table.docRange(h.at);
      return {
        ...{ class: h.class, object: h.object, mode: h.shared ? 'shared' : 'exclusive' },
        ...{ certainty: h.certain ? 'must' : 'may', from: h.from, function: h.function },
        ...{ uri: at.uri, line: at.line + 1 },
      };
    }),
    contexts: facts.contexts,
  };
}
