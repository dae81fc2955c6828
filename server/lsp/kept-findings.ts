/**
 * Findings between two decisions. What the worker decided stays as it is and moves with the edits;
 * a finding whose text was touched says that it is checked again; what the worker refuted does not
 * come back as a suspicion meanwhile. Pure.
 */
import type { DocRange, Finding } from '../../shared/trace.js';
import type { Edit } from './edits.js';
import { moved } from './edits.js';

interface Kept {
  readonly finding: Finding;
  readonly touched: boolean;
}

export interface KeptFindings {
  /** Findings of the last decision by id; undefined before the first. */
  readonly decided: ReadonlyMap<string, Kept> | undefined;
  /** Static findings at the last decision. */
  readonly suspects: ReadonlySet<string>;
}

export const NOTHING_KEPT: KeptFindings = { decided: undefined, suspects: new Set() };

const CHECKING = ' (checking)';
const NOT_CHECKED = ' (changed since it was checked)';

/** After the worker decided: its findings and nothing else. */
export function decide(findings: readonly Finding[], suspects: readonly Finding[]): KeptFindings {
  return {
    decided: new Map(findings.map((finding) => [finding.id, { finding, touched: false }])),
    suspects: new Set(suspects.map((s) => s.id)),
  };
}

function movedFinding({ finding, touched }: Kept, uri: string, edit: Edit): Kept {
  const move = (at: DocRange): DocRange => (at.uri === uri ? moved(at, edit).range : at);
  const main = moved(finding.at, edit);
  return {
    finding: {
      ...finding,
      at: main.range,
      related: finding.related.map((r) => ({ ...r, at: move(r.at) })),
      copies: finding.copies.map(move),
    },
    touched: touched || (finding.at.uri === uri && main.touched),
  };
}

/** The same findings after one edit of their document. */
export function movedBy(kept: KeptFindings, uri: string, edit: Edit): KeptFindings {
  if (!kept.decided) return kept;
  const decided = new Map([...kept.decided].map(([id, k]) => [id, movedFinding(k, uri, edit)]));
  return { ...kept, decided };
}

/** What is shown until the next decision, given the static findings of now. */
export function shownFindings(
  kept: KeptFindings,
  suspects: readonly Finding[],
  busy: boolean,
): readonly Finding[] {
  const { decided } = kept;
  if (!decided) return suspects;
  const now = new Set(suspects.map((s) => s.id));
  const old = [...decided.values()].map(({ finding, touched }) => {
    const gone = kept.suspects.has(finding.id) && !now.has(finding.id);
    if (!touched && !gone) return finding;
    return { ...finding, message: finding.message + (busy ? CHECKING : NOT_CHECKED) };
  });
  const added = suspects.filter((s) => !decided.has(s.id) && !kept.suspects.has(s.id));
  return [...old, ...added];
}
