/**
 * Text for terminals, mails and webviews. Nothing of an input leaves here raw: control characters,
 * escape sequences, line separators and direction overrides become visible escapes.
 */

// C0 but tab and newline, DEL, C1, line/paragraph separators, bidi controls, BOM
const UNSAFE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

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
