/** Mistakes in the use of locks as findings: hints, since no schedule shows them, with their witness. */
import type { DocRange, Finding } from '../../shared/trace.js';
import type { Mistake } from '../context/protocol.js';
import type { SourceTable } from '../csource/source.js';
import { shortHash } from './confirmed.js';

export function mistakeFinding(
  m: Mistake,
  table: SourceTable,
  copiesOf: (at: DocRange) => readonly DocRange[],
): Finding {
  const at = table.docRange(m.at);
  return {
    id: `${m.rule}-${shortHash(m.key)}`,
    rule: m.rule,
    severity: 'hint',
    message: `${m.message}, in ${m.function}`,
    at,
    related: m.witness.map((w) => ({ at: table.docRange(w.at), message: w.text })),
    copies: copiesOf(at),
  };
}
