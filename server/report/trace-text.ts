/**
 * The text twin of the trace view: lanes side by side as kernel people draw races in mails,
 * never wider than the given columns.
 */
import type { Trace, TraceBlocked, TraceChange, TraceStep, Verdict } from '../../shared/trace.js';
import { clip, oneLine, wrap } from './plain.js';

const DEFAULT_COLUMNS = 72;
const MAX_CALLS = 4;

function laneOffsets(names: readonly string[], columns: number): readonly number[] {
  const room = columns - 4; // the step number
  const wanted = Math.floor(room / Math.max(2, names.length));
  const step = Math.min(wanted, 18);
  return names.map((_, i) => 4 + i * step);
}

/** Verdict with everything it depends on. */
export function verdictLines(verdict: Verdict, columns = DEFAULT_COLUMNS): readonly string[] {
  const lines = [...wrap(oneLine(verdict.text), columns, '  ')];
  const base = verdict.base === '' ? `profile ${verdict.profile}` : `on: ${verdict.base}`;
  const bounds = [`${verdict.bounds.threads} threads`, ...verdict.bounds.items].join(', ');
  lines.push(...wrap(oneLine(base), columns, '  '));
  lines.push(...wrap(oneLine(`bounds: ${bounds}`), columns, '  '));
  for (const a of verdict.assumptions) lines.push(...wrap(oneLine(`assumed: ${a}`), columns, '  '));
  return lines;
}

function changeText(c: TraceChange): string {
  return `${c.name}: ${c.from} -> ${c.to}`;
}

function callsText(calls: readonly string[]): string {
  const shown =
    calls.length > MAX_CALLS ? [...calls.slice(0, 2), '…', ...calls.slice(-(MAX_CALLS - 2))] : calls;
  return shown.map((c) => (c === '…' ? c : `${c}()`)).join(' > ');
}

function stepLines(step: TraceStep, offset: number, columns: number): readonly string[] {
  const width = columns - offset;
  const pad = ' '.repeat(offset);
  const body: string[] = [...wrap(clip(oneLine(step.text), 3 * width), width, '  ')];
  if (step.calls.length > 0) body.push(...wrap(oneLine(callsText(step.calls)), width - 2, '  ').map((l) => `  ${l}`));
  for (const c of step.changes) body.push(...wrap(oneLine(changeText(c)), width - 2, '  ').map((l) => `  ${l}`));
  for (const n of step.notes) body.push(...wrap(oneLine(`(${n})`), width - 2, '  ').map((l) => `  ${l}`));
  return body.map((line, i) =>
    i === 0 ? `${String(step.index).padStart(2)}  ${pad.slice(4)}${line}` : `${pad}${line}`,
  );
}

function blockedLine(b: TraceBlocked, trace: Trace): string {
  const name = trace.threads[b.thread]?.name ?? `thread ${b.thread}`;
  return oneLine(`${name} ${b.reason} (in ${b.function})`);
}

/** The whole trace; every line at most `columns` wide. Ends without a newline. */
export function traceText(trace: Trace, columns = DEFAULT_COLUMNS): string {
  const width = Math.max(40, columns);
  const used = trace.threads.filter(
    (t) => trace.steps.some((s) => s.thread === t.id) || trace.end.some((b) => b.thread === t.id),
  );
  const offsets = laneOffsets(used.map((t) => t.name), width);
  const lane = new Map(used.map((t, i) => [t.id, offsets[i] ?? 4]));
  const lines: string[] = [];
  lines.push(...wrap(oneLine(`${trace.scenario}: ${trace.title}`), width, '  '));
  lines.push(...verdictLines(trace.verdict, width), '');
  let header = '';
  used.forEach((t, i) => {
    const room = (offsets[i + 1] ?? width) - (offsets[i] ?? 4) - 1;
    header = header.padEnd(offsets[i] ?? 4) + clip(oneLine(t.name), Math.max(3, room));
  });
  lines.push(header.trimEnd());
  for (const s of trace.steps) lines.push(...stepLines(s, lane.get(s.thread) ?? 4, width));
  if (trace.end.length > 0) {
    lines.push('', trace.key.property === 'deadlock' ? 'Nobody can move:' : 'At the end:');
    for (const b of trace.end) lines.push(...wrap(blockedLine(b, trace), width - 2, '  ').map((l) => `  ${l}`));
  } else if (trace.key.property !== 'deadlock') {
    lines.push('', ...wrap(oneLine(`${trace.key.property}: ${trace.key.id}`), width, '  '));
  }
  lines.push('', ...tokenLines(trace.token, width));
  return lines.map((l) => l.trimEnd()).join('\n');
}

/** `replay: <token>`, broken over lines that a reader of mails can join again. */
export function tokenLines(token: string, columns: number): readonly string[] {
  const first = `replay: ${token}`;
  if (first.length <= columns) return [first];
  const lines = ['replay:'];
  for (let i = 0; i < token.length; i += columns - 2) lines.push(`  ${token.slice(i, i + columns - 2)}`);
  return lines;
}
