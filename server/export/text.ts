/** User's text inside C strings and comments. */

/** One line without quotes, backslashes and ends of comments: what may stand in C strings, comments and Spin's copy of them. */
export function cText(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/"/g, "'")
    .replace(/\\/g, '/')
    .replace(/\{/g, '(')
    .replace(/\}/g, ')')
    .replace(/[^ -~]/g, '?')
    .replace(/\*(?=\/)/g, '* ')
    .replace(/\/(?=\*)/g, '/ ')
    .trim();
}

/** A name that C and Promela accept. */
export function identifier(text: string): string {
  return text.replace(/\W/g, '_');
}
