/** User's text inside C strings and comments. */

/** One line without quotes and backslashes: what may stand in a C string and in Spin's copy of it. */
export function cText(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/"/g, "'")
    .replace(/\\/g, '/')
    .replace(/\{/g, '(')
    .replace(/\}/g, ')')
    .replace(/[^ -~]/g, '?')
    .trim();
}

/** A name that C and Promela accept. */
export function identifier(text: string): string {
  return text.replace(/\W/g, '_');
}
