/** The report, as Markdown. */
import type { Bar, Measurements } from './bars.js';
import { holds, passes } from './bars.js';
import type { Figures, Goal } from './figures.js';
import { geometricMean, ratio, ratioWithoutCompiler, verdictGoal, warmRatio } from './figures.js';
import type { Large } from './large.js';
import type { First, Rate } from './protocol.js';
import type { Way } from './rounds.js';
import { panSeconds } from './rounds.js';
import type { Third } from './third.js';

type Cell = string | number | undefined;

function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]): string => `| ${cells.map((c) => c ?? '–').join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function grouped(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+(?!\d))/g, ' ');
}

/** Three digits, whatever the size. */
function short(n: number): string {
  if (!Number.isFinite(n)) return '–';
  const digits = n >= 100 ? 0 : n >= 10 ? 1 : n >= 1 ? 2 : 3;
  return n.toFixed(digits);
}

function ms(seconds: number): string {
  return Number.isFinite(seconds) ? grouped(seconds * 1000) : '–';
}

function times(r: number | undefined): string | undefined {
  return r === undefined ? undefined : `${short(r)}×`;
}

/** A run of the verifier, or why it has no verdict. */
function wayCell(ways: readonly Way[], mode: Way['mode'], first: boolean): Cell {
  const way = ways.find((w) => w.mode === mode && w.first === first);
  const last = way?.ran.at(-1);
  if (!way || !last) return undefined;
  if (last.cut === 'time') return `> ${short(last.seconds)}`;
  return last.cut ? `out of ${last.cut}` : short(panSeconds(way));
}

function goalCells(g: Goal): readonly Cell[] {
  const { spin } = g;
  return [
    spin?.mode,
    spin && `${short(spin.build)} + ${short(spin.pan)}`,
    ms(g.cold),
    times(ratio(g)),
    times(ratioWithoutCompiler(g)),
    ms(g.warm),
    times(warmRatio(g)),
  ];
}

const GOAL_HEAD = [
  'best pan mode',
  'spin + gcc, pan: s',
  'cold ms',
  'faster',
  'faster than pan alone',
  'warm ms',
  'warm, faster than pan alone',
];

function verdicts(all: readonly Figures[]): string {
  const rows = all.map((f) => [
    f.measured.subject.name,
    f.first ? 'first finding' : 'proof',
    ...goalCells(verdictGoal(f)),
  ]);
  return table(['program', 'verdict', ...GOAL_HEAD], rows);
}

/** Complete verdicts of failing programs: everything was seen, all findings are known. */
function completions(all: readonly Figures[]): string {
  const rows = all.flatMap((f) =>
    f.first
      ? [
          [
            f.measured.subject.name,
            f.any === undefined ? undefined : short(f.any),
            ...goalCells(f.end),
          ],
        ]
      : [],
  );
  return table(['program', 'any finding, depth first, pan: s', ...GOAL_HEAD], rows);
}

function modes(all: readonly Figures[]): string {
  const rows = all.map(({ measured: { subject, ways, failing } }) => [
    subject.name,
    wayCell(ways, 'full', false),
    wayCell(ways, 'reduced', false),
    wayCell(ways, 'breadth first, reduced', false),
    ...(failing
      ? [
          wayCell(ways, 'breadth first', true),
          wayCell(ways, 'breadth first, reduced', true),
          wayCell(ways, 'reduced', true),
        ]
      : [undefined, undefined, undefined]),
  ]);
  const head = ['full', 'reduced', 'breadth first, reduced'];
  const first = ['breadth first', 'breadth first, reduced', 'depth first, reduced'];
  return table(
    ['program', ...head.map((h) => `all: ${h}`), ...first.map((h) => `first: ${h}`)],
    rows,
  );
}

function panStates(ways: readonly Way[], mode: Way['mode']): Cell {
  const ran = ways.find((w) => w.mode === mode && !w.first)?.ran.at(-1);
  return ran && Number.isFinite(ran.states)
    ? `${ran.cut ? '> ' : ''}${grouped(ran.states)}`
    : undefined;
}

function ourStates(rates: readonly Rate[]): Cell {
  const [rate] = rates;
  return rate && `${rate.complete ? '' : '> '}${grouped(rate.states)}`;
}

function sizes(all: readonly Figures[]): string {
  const rows = all.map((f) => {
    const { subject, ways, rates, once: run } = f.measured;
    const [full] = rates;
    const factor = full ? full.states / run.states : undefined;
    return [
      subject.name,
      grouped(run.states),
      ourStates(rates),
      factor === undefined ? undefined : `${full?.complete ? '' : '> '}${short(factor)}`,
      panStates(ways, 'reduced'),
      panStates(ways, 'full'),
      grouped(f.speed / 1000),
      Number.isFinite(f.panSpeed) ? grouped(f.panSpeed / 1000) : undefined,
      Number.isFinite(f.panSpeed) ? times(f.speed / f.panSpeed) : undefined,
      f.bytes === undefined ? undefined : short(f.bytes),
      f.panBytes === undefined ? undefined : short(f.panBytes),
    ];
  });
  const head = [
    'program',
    'states',
    'unreduced',
    'factor',
    'pan reduced',
    'pan full',
    'unreduced k states/s',
    'pan full k states/s',
    'faster',
    'bytes a state',
    'pan',
  ];
  return table(head, rows);
}

function phases(all: readonly Figures[]): string {
  const rows = all.map(({ measured: { subject, once: c, warm } }) => {
    const [w] = warm;
    const part = (run: typeof c | typeof w): readonly Cell[] =>
      run
        ? [
            short(run.parsed),
            short(run.made - run.parsed),
            short((run.end ?? Number.NaN) - run.made),
          ]
        : [];
    return [subject.name, ...part(c), ...part(w)];
  });
  const names = ['parse', 'link and machine', 'search'];
  const cold = ['start and parse', ...names.slice(1)].map((n) => `cold: ${n}`);
  return table(['program', ...cold, ...names.map((n) => `warm: ${n}`)], rows);
}

function largeRows({ many, narrow, wide }: Large): string {
  const row = (name: string, r: Rate): readonly Cell[] => [
    name,
    grouped(r.states),
    r.bits,
    short(r.counted / r.states),
    short(r.grown / r.states),
    grouped(r.peak / 2 ** 20),
    grouped(r.initial / 1000),
    grouped(r.final / 1000),
  ];
  const head = [
    'program, unreduced',
    'states',
    'bits',
    'bytes a state, counted',
    'bytes a state, process',
    'process MB',
    'first k states/s',
    'last k states/s',
  ];
  return table(head, [row('many', many), row('A2', narrow), row('wide', wide)]);
}

function firstRows(firsts: readonly First[]): string {
  const rows = firsts.map(({ id, warm, cold }) => [id, short(warm), short(cold)]);
  return table(['scenario', "in the editor's worker", 'in a fresh worker, from its start'], rows);
}

const SIZES = `Unreduced speed is that of one run from its first step. Where there are fewer than a million states it lasts under half a second,
while steps are still being learned and the generated code is new: such rows say less about the loop than the large ones.`;

const THIRD = `States of the reduced search, which is forced here: left to itself the search tries every step of spaces as small as these.
With its second search around each finding. \`ARCHITECTURE.md\` says what in R6 leaves closed sets little to leave out.`;

function thirdRows(third: readonly Third[]): string {
  const rows = third.map(({ id, tables, reduced, full }) => [
    id,
    `${tables.sets === undefined ? '> ' : ''}${grouped(tables.situations)}`,
    `${tables.sets === undefined ? '> ' : ''}${grouped(tables.alternatives)}`,
    short(tables.cover),
    tables.sets === undefined ? 'not made: too many' : short(tables.sets),
    grouped(reduced.states),
    `${full.complete ? '' : '> '}${grouped(full.states)}`,
    `${full.complete ? '' : '> '}${short(full.states / reduced.states)}`,
  ]);
  const head = [
    'scenario',
    'situations of the threads',
    'alternatives in them',
    'completing them, ms',
    'static tables, ms',
    'states',
    'unreduced',
    'factor',
  ];
  return table(head, rows);
}

function barRows(bars: readonly Bar[]): string {
  const rows = bars.map((b) => {
    const verdict = holds(b) ? 'held' : 'missed';
    const gate = b.gate === undefined ? 'no' : passes(b) ? short(b.gate) : `${short(b.gate)}: NO`;
    const goal = `${b.atLeast ? '≥' : '≤'} ${short(b.goal)} ${b.unit}`;
    return [b.what, `${short(b.measured)} ${b.unit}`, goal, verdict, gate];
  });
  return table(['bar', 'measured', 'goal', '', 'checked'], rows);
}

/** One line on a set of ratios: their geometric mean and the worst. */
function summary(
  what: string,
  goals: readonly Goal[],
  of: (g: Goal) => number | undefined,
): string {
  const ratios = goals.flatMap((g) => of(g) ?? []);
  if (ratios.length === 0) return `* ${what}: nothing to compare`;
  const [mean, worst] = [geometricMean(ratios), Math.min(...ratios)];
  return `* ${what}: ${short(mean)}× in the geometric mean, at least ${short(worst)}×`;
}

function summaries(name: string, some: readonly Figures[]): readonly string[] {
  const verdict = some.map(verdictGoal);
  const ends = some.map((f) => f.end);
  return [
    summary(`${name}, cold process against spin + gcc + pan`, verdict, ratio),
    summary(`${name}, cold process against pan alone`, verdict, ratioWithoutCompiler),
    summary(`${name}, warm worker against pan alone`, verdict, warmRatio),
    summary(`${name}, complete verdict in a cold process against spin + gcc + pan`, ends, ratio),
  ];
}

export interface Report {
  /** Lines on machine, date, load and versions. */
  readonly where: readonly string[];
  readonly measured: Measurements;
  readonly bars: readonly Bar[];
}

const HEAD = `# The search against Spin

Written by \`npm run bench -- --search\`. Every program is run by both sides in the same rounds, one after the other;
figures are medians over the rounds (\`--clock=cpu\` for a machine that others use). Spin: \`spin -a\`, \`gcc -O2 -DSAFETY\`, \`pan\`, on the hand-written Promela of an anchor
and on our export of a scenario; best of its modes, a shortest counterexample for a failing program, else the complete search.
Ours: from the text of the C to the verdict, in \`racelore run\` from its start to its exit with the traces printed (cold; \`--first\` for a
shortest counterexample), and in a worker that has searched before (warm). Of anchors with more than 20 million states the
verifier runs in the mode that was the best in all measurements before, once. Scenarios against Spin, for which the compiler
takes long: \`--only=scenarios\`.`;

export function report({ where, measured, bars }: Report): string {
  const { figures, firsts, third, large } = measured;
  const anchors = figures.filter((f) => f.measured.subject.kind === 'anchor');
  const scenarios = figures.filter((f) => f.measured.subject.kind === 'scenario');
  const lines = [...summaries('anchors', anchors), ...summaries('scenarios', scenarios)];
  const parts: readonly (readonly [string, string])[] = [
    ['In short', lines.join('\n')],
    ['Bars', barRows(bars)],
    ['Time to verdict', verdicts(figures)],
    ['Time to the complete verdict of failing programs', completions(figures)],
    ['States, speed, memory', `${SIZES}\n\n${sizes(figures)}`],
    ...(firsts.length > 0
      ? [['First counterexample of failing scenarios, ms', firstRows(firsts)] as const]
      : []),
    ...(third.length > 0
      ? [['Scenarios with invariants in every state', `${THIRD}\n\n${thirdRows(third)}`] as const]
      : []),
    ...(large ? [['Many states and wide ones', largeRows(large)] as const] : []),
    ['Phases, ms', phases(figures)],
    ['All modes of pan, s', modes(figures)],
  ];
  const body = parts.map(([title, text]) => `## ${title}\n\n${text}`);
  return `${[HEAD, where.map((l) => `* ${l}`).join('\n'), ...body].join('\n\n')}\n`;
}
