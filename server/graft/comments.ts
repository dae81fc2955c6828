/** Which characters of an image are code: comments, also ones that the hunk cuts, and blanks are not. */

/** Same length, comments blanked. An end without its beginning ends a comment that began above. */
export function withoutComments(text: string): string {
  const open = text.indexOf('/*');
  const close = text.indexOf('*/');
  const from = close >= 0 && (open < 0 || close < open) ? close + 2 : 0;
  let out = blank(text.slice(0, from));
  for (let i = from; i < text.length;) {
    const c = text[i];
    const next = text[i + 1];
    if (c === '/' && next === '*') {
      const end = text.indexOf('*/', i + 2);
      const stop = end < 0 ? text.length : end + 2;
      out += blank(text.slice(i, stop));
      i = stop;
    } else if (c === '/' && next === '/') {
      const end = text.indexOf('\n', i);
      const stop = end < 0 ? text.length : end;
      out += blank(text.slice(i, stop));
      i = stop;
    } else if (c === '"' || c === "'") {
      const stop = quoteEnd(text, i, c);
      out += text.slice(i, stop);
      i = stop;
    } else {
      out += c ?? '';
      i++;
    }
  }
  return out;
}

function blank(s: string): string {
  return s.replace(/[^\n]/g, ' ');
}

/** A literal ends at its quote or, when it is cut, at the end of the line. */
function quoteEnd(text: string, start: number, quote: string): number {
  for (let i = start + 1; i < text.length; i++) {
    const c = text[i];
    if (c === '\\') i++;
    else if (c === quote) return i + 1;
    else if (c === '\n') return i;
  }
  return text.length;
}
