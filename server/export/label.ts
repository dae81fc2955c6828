/** What a finding is called on both sides. */
import { cText } from './text.js';

/**
 * The id of a finding key as the exported model reports it: deadlocks are one, an invariant is
 * without the writer, and quotes, braces and backslashes are replaced.
 */
export function findingLabel(id: string): string {
  const text = cText(id);
  const property = text.slice(0, text.indexOf(':'));
  if (property === 'deadlock') return property;
  if (property === 'invariant') return text.split(': ').slice(0, 2).join(': ');
  if (property === 'irq-wait') return text.split(': ').slice(0, 2).join(': ');
  return text;
}
