/**
 * The text twin of the trace view: every thread has its own indentation, as kernel people draw
 * races in mails; never wider than the given columns.
 */
import type {
  Trace,
  TraceBlocked,
  TraceChange,
  TraceStep,
  TraceThread,
  TraceWay,
  Verdict,
} from '../../shared/trace.js';
import { clip, oneLine, wrap } from './plain.js';

const DEFAULT_COLUMNS = 72;
/** The last lane keeps at least this much room. */
const LANE_ROOM = 46;
const LANE_STEP = 16;
const MAX_CALLS = 5;
const MAX_CALLEES = 6;
const MAX_FIRST = 3;
const MAX_CHANGES = 5;

/** Verdict with everything it depends on. */
export function verdictLines(verdict: Verdict, columns = DEFAULT_COLUMNS): readonly string[] {
  const base = verdict.base === '' ? `profile ${verdict.profile}` : `on: ${verdict.base}`;
  const bounds = [`${verdict.bounds.threads} threads`, ...verdict.bounds.items].join(', ');
  const assumed = verdict.assumptions.map((a) => `assumed: ${a}`);
  return [verdict.text, ...(verdict.beyond ?? []), base, `bounds: ${bounds}`, ...assumed].flatMap(
    (l) => wrap(oneLine(l), columns, '  '),
  );
}

/** Pointers and the life of pool objects are detail: they stay out while there is something else. */
function isDetail(c: TraceChange): boolean {
  const detail = (v: string): boolean =>
    v === 'NULL' || v.startsWith('&') || ['never used', 'allocated', 'freed'].includes(v);
  return detail(c.from) || detail(c.to);
}

function changeLines(changes: readonly TraceChange[], width: number): readonly string[] {
  const plain = changes.filter((c) => !isDetail(c));
  const shown = (plain.length > 0 ? plain : changes).slice(0, MAX_CHANGES);
  const lines = shown.flatMap((c) => wrap(oneLine(`${c.name}: ${c.from} -> ${c.to}`), width, '  '));
  const left = changes.length - shown.length;
  return left > 0 ? [...lines, `(and ${left} more ${left === 1 ? 'change' : 'changes'})`] : lines;
}

function shortened(names: readonly string[], most: number): readonly string[] {
  return names.length > most ? [...names.slice(0, 2), '…', ...names.slice(2 - most)] : names;
}

const chain = (names: readonly string[]): string =>
  names.map((c) => (c === '…' ? c : `${c}()`)).join(' > ');

/** Empty when the statement names all that was called. */
function callsText(calls: readonly string[], statement: string): string {
  const [only, ...more] = calls;
  if (only === undefined || (more.length === 0 && statement.includes(`${only}(`))) return '';
  return chain(shortened(calls, MAX_CALLS));
}

/** One of several: where it began and where it ended. */
function chainEnds(names: readonly string[]): string {
  return chain(names.length > 2 ? [...names.slice(0, 1), '…', ...names.slice(-1)] : names);
}

/** `a() > b(): c(), d() > e()`: the way to a function, and what that called; empty as above. */
function wayText({ path, calls }: TraceWay, statement: string): string {
  const [only, ...others] = calls;
  if (others.length === 0) return callsText([...path, ...(only ?? [])], statement);
  const shown = shortened(calls.map(chainEnds), MAX_CALLEES);
  const to = path.length === 0 ? '' : `${chain(shortened(path, MAX_CALLS))}: `;
  if (to === '' && calls.every((c) => c.length === 1 && statement.includes(`${c[0] ?? ''}(`)))
    return '';
  return to + shown.join(', ');
}

/** Where a step stopped inside calls: the way there; else what it called. */
function chainOf(step: TraceStep): readonly string[] {
  const shown = step.stack.findIndex((f) => f.at.uri === step.at.uri && f.at.line === step.at.line);
  const below = shown < 0 ? [] : step.stack.slice(shown + 1).map((f) => f.function);
  return below.length > 0 ? below : step.calls;
}

const NUMBER = 4;

function stepLines(step: TraceStep, offset: number, columns: number): readonly string[] {
  const pad = ' '.repeat(offset);
  const width = columns - offset - NUMBER;
  const text = wrap(clip(oneLine(step.text), 3 * width), width, '  ');
  const body: string[] = text.map((l, i) =>
    i === 0 ? `${String(step.index).padStart(2)}  ${l}` : ' '.repeat(NUMBER) + l,
  );
  const more: string[] = [];
  const calls = step.way ? wayText(step.way, step.text) : callsText(chainOf(step), step.text);
  const before = (step.way?.first ?? []).slice(-MAX_FIRST).map(chainEnds);
  if (before.length > 0) more.push(...wrap(oneLine(`first ${before.join(', ')}`), width - 2, '  '));
  if (calls !== '') more.push(...wrap(oneLine(calls), width - 2, '  '));
  more.push(...changeLines(step.changes, width - 2));
  for (const n of step.notes) more.push(...wrap(oneLine(`(${n})`), width - 2, '  '));
  return [...body, ...more.map((l) => ' '.repeat(NUMBER + 2) + l)].map((l) => pad + l);
}

function blockedText(b: TraceBlocked, trace: Trace): string {
  const name = trace.threads[b.thread]?.name ?? `thread ${b.thread}`;
  return oneLine(`${name} ${b.reason} (in ${b.function})`);
}

/** Threads in the order in which they first move; then those that only wait. */
function lanesOf(trace: Trace): readonly TraceThread[] {
  const order = [...trace.steps.map((s) => s.thread), ...trace.end.map((b) => b.thread)];
  return [...new Set(order)].flatMap((id) => trace.threads[id] ?? []);
}

function body(trace: Trace, columns: number): readonly string[] {
  const lanes = lanesOf(trace);
  const between = Math.min(
    LANE_STEP,
    Math.floor(Math.max(0, columns - LANE_ROOM) / Math.max(1, lanes.length - 1)),
  );
  const offset = new Map(lanes.map((t, i) => [t.id, i * between]));
  const inside = new Map<number, string>();
  let running = -1;
  return trace.steps.flatMap((s) => {
    const at = offset.get(s.thread) ?? 0;
    const name = oneLine(trace.threads[s.thread]?.name ?? '');
    const entered = (inside.get(s.thread) ?? name) === s.function ? '' : s.function;
    const head = headLines(s.thread === running ? '' : `[${name}]`, entered, columns - at);
    running = s.thread;
    inside.set(s.thread, s.function);
    return [...head.map((l) => ' '.repeat(at) + l), ...stepLines(s, at, columns)];
  });
}

/** `[thread] in function():`, on two lines where that is too wide; empty: not said again. */
function headLines(thread: string, entered: string, width: number): readonly string[] {
  const place = entered === '' ? '' : `in ${oneLine(entered)}():`;
  const both = [thread, place].filter((t) => t !== '').join(' ');
  if (thread !== '' && both.length <= width) return [both];
  const indent = ' '.repeat(NUMBER);
  const below = place === '' ? [] : [indent + clip(place, width - NUMBER)];
  return thread === '' ? below : [clip(thread, width), ...below];
}

/** `final: function: text` says what should have been true; it was not. */
function endText(trace: Trace): string {
  const { property, id } = trace.key;
  if (property !== 'final') return id;
  return `Not so at the end: ${id.replace(/^final: \w*: /u, '')}`;
}

function endLines(trace: Trace, columns: number): readonly string[] {
  const waiting = trace.end.flatMap((b) =>
    wrap(blockedText(b, trace), columns - 2, '  ').map((l) => `  ${l}`),
  );
  if (trace.key.property === 'deadlock') return ['', 'Nobody can move:', ...waiting];
  return ['', ...wrap(oneLine(endText(trace)), columns, '  '), ...waiting];
}

/** The whole trace, with its token if it has one; every line at most `columns` (at least 60) wide. Ends without a newline. */
export function traceText(trace: Trace, columns = DEFAULT_COLUMNS): string {
  const width = Math.max(60, columns);
  const lines = [
    ...wrap(oneLine(`${trace.scenario}: ${trace.title}`), width, '  '),
    ...verdictLines(trace.verdict, width),
    ...(trace.foundBy === undefined ? [] : wrap(oneLine(trace.foundBy), width, '  ')),
    '',
    ...body(trace, width),
    ...endLines(trace, width),
    ...(trace.token === '' ? [] : ['', ...tokenLines(trace.token, width)]),
  ];
  return lines.map((l) => l.trimEnd()).join('\n');
}

/** `replay: <token>`, broken over lines that a reader of mails can join again. */
function tokenLines(token: string, columns: number): readonly string[] {
  const first = `replay: ${token}`;
  if (first.length <= columns) return [first];
  const lines = ['replay:'];
  for (let i = 0; i < token.length; i += columns - 2)
    lines.push(`  ${token.slice(i, i + columns - 2)}`);
  return lines;
}
