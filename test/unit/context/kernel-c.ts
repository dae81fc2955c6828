import type { Finding } from '../../../shared/trace.js';
import { Analyzer } from '../../../server/analysis/index.js';
import { readAssets } from '../../../server/assets.js';
import { contextText } from '../../../server/report/context-text.js';

const analyzer = await Analyzer.create(readAssets());

function shown(f: Finding): string {
  return `${f.at.line}: ${f.rule} ${f.message}`;
}

/** Findings of a whole file of kernel C: `line: rule message`. Its text begins on line 1. */
export function findings(text: string): readonly string[] {
  return analyzer.checkFile({ uri: 'file:///t.c', text }).findings.map(shown);
}

/** Places of the only finding, in order: `line: what is there`. */
export function witness(text: string): readonly string[] {
  const [only] = analyzer.checkFile({ uri: 'file:///t.c', text }).findings;
  return (only?.related ?? []).map((r) => `${r.at.line}: ${r.message}`);
}

/** What is held at a line, as the command line tells it. */
export function context(text: string, line: number): readonly string[] {
  const found = analyzer.context({ uri: 'file:///t.c', text }, line, 0);
  return found ? contextText('t.c', found).trimEnd().split('\n').slice(1) : [];
}
