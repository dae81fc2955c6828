/**
 * Text for terminals, mails and webviews. Nothing of an input leaves here raw: control characters,
 * escape sequences, line separators and direction overrides become visible escapes.
 */

/** Ranges of code units that could steer a terminal or reorder text. */
const UNSAFE_RANGES: readonly (readonly [number, number])[] = [
  [0x00, 0x08], // C0 but tab and newline
  [0x0b, 0x1f],
  [0x7f, 0x9f], // DEL, C1
  [0x200e, 0x200f], // direction marks
  [0x2028, 0x202e], // line and paragraph separators, direction overrides
  [0x2066, 0x2069], // direction isolates
  [0xfeff, 0xfeff], // byte order mark
];

function rangeText([from, to]: readonly [number, number]): string {
  const unit = (n: number): string => `\\u${n.toString(16).padStart(4, '0')}`;
  return `${unit(from)}-${unit(to)}`;
}

const UNSAFE = new RegExp(`[${UNSAFE_RANGES.map(rangeText).join('')}]`, 'gu');

function escape(c: string): string {
  const code = c.charCodeAt(0);
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** Input text made safe; newlines and tabs stay. */
export function plain(text: string): string {
  return text.replace(UNSAFE, escape);
}

/** One line: white space folded, made safe. */
export function oneLine(text: string): string {
  return plain(text.replace(/[\s\u00a0]+/gu, ' ').trim());
}

/** Cuts to `width` columns, with `…` where something was left out. */
export function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/**
 * Breaks a line at blanks so that no line is wider than `width`; continuation lines are indented.
 * A word that is too wide alone is broken.
 */
export function wrap(text: string, width: number, indent = ''): readonly string[] {
  const lines: string[] = [];
  let line = '';
  const room = (): number => width - (lines.length > 0 ? indent.length : 0);
  const flush = (): void => {
    lines.push(lines.length > 0 ? indent + line : line);
    line = '';
  };
  for (const word of text.split(' ')) {
    let rest = word;
    if (line !== '' && line.length + 1 + rest.length > room()) flush();
    while (rest.length > room()) {
      const space = room();
      line = rest.slice(0, space);
      rest = rest.slice(space);
      flush();
    }
    line = line === '' ? rest : `${line} ${rest}`;
  }
  if (line !== '' || lines.length === 0) flush();
  return lines;
}
