/** The text of an export: processes in Promela, the code of their steps in blocks of C. */
import type { ThreadRole } from '../../shared/trace.js';
import type { SourceTable } from '../csource/source.js';
import type { ModelMachine } from '../machine/index.js';
import { siteIn } from '../machine/lifetime.js';
import { BASE } from '../machine/objects.js';
import { CodeWriter } from './code.js';
import type { Placed } from './code.js';
import type { ExportInfo } from './index.js';
import { OPERATIONS, STEPS } from './runtime-steps.js';
import { ACCESS, ARITHMETIC, CELLS, DECLARATIONS } from './runtime.js';
import { cText, identifier } from './text.js';

export interface ExportedThread {
  readonly name: string;
  readonly role: ThreadRole;
  /** Position of its function. */
  readonly fn: number;
  /** Cells of its stack, header included. */
  readonly cells: number;
  /** Most combinations of choices in one step. */
  readonly choices: number;
}

export interface Parts {
  readonly info: ExportInfo;
  readonly table: SourceTable;
  readonly machine: ModelMachine;
  readonly placed: ReadonlyMap<string, Placed>;
  readonly threads: readonly ExportedThread[];
  readonly finals: readonly number[];
  readonly invariants: readonly { readonly id: string; readonly fn: number }[];
}

export function promelaText(parts: Parts): string {
  const code = new CodeWriter(parts.table, parts.placed);
  const functions = [...parts.placed.values()];
  const memory = memoryOf(parts.machine);
  // Spin takes no long block of C: a row stands with its function.
  const row = (f: Placed, i: number): string =>
    `static const struct rl_fn rl_fn_${i} = ${code.row(f)};`;
  const rows = functions.map((_, i) => `&rl_fn_${i}`);
  return [
    head(parts.info),
    declarations(parts, memory.cells),
    addresses(parts),
    states(parts, memory.cells, memory.hidden),
    block(DECLARATIONS),
    block(constants(parts)),
    ...tables(parts, memory),
    block(CELLS),
    block(ARITHMETIC),
    block(ACCESS),
    block(OPERATIONS),
    ...functions.map(
      (f, i) => `${functionHead(f)}\n${block(`${code.functionText(f)}\n${row(f, i)}`)}`,
    ),
    block(`const struct rl_fn *const rl_fns[] = {\n${rows.join(',\n')} };`),
    block(sameState(parts, memory)),
    block(STEPS),
    ...parts.threads.map(process),
    START,
  ].join('\n\n');
}

/** C that remembers the cells, and compares them with those remembered. */
function sameState({ threads }: Parts, { cells, hidden }: MemoryTables): string {
  const arrays: readonly (readonly [name: string, length: number])[] = [
    ['mem', Math.max(1, cells)],
    ['hid', hidden],
    ...threads.map((t, i) => [`st${i}`, t.cells] as const),
  ];
  const fields = arrays.map(([name, length]) => `${name}[${length}];`);
  const each = (f: string): readonly string[] =>
    arrays.map(([name]) => `${f}(rl_old.${name}, now.${name}, sizeof rl_old.${name})`);
  return [
    `static struct { int ${fields.join(' int ')} } rl_old;`,
    `static void rl_remember(void) { ${each('memcpy').join('; ')}; }`,
    `static int rl_same(void) { return ${each('!memcmp').join(' && ')}; }`,
  ].join('\n');
}

/** Name of a function, and what its slots are. */
function functionHead({ text }: Placed): string {
  const slots = text.names.length === 0 ? '' : `: slots ${text.names.join(', ')}`;
  return `/* ${cText(text.name + slots)} */`;
}

/** Addresses of the globals by name. */
function addresses({ machine }: Parts): string {
  const objects = machine.memory.objects.list.filter((o) => o.at >= 0);
  const lines = objects.map((o) => ` * ${o.at + BASE} ${cText(o.name)}${cells(o.size)}`);
  return `/* Addresses:\n${lines.join('\n')}\n */`;
}

function cells(size: number): string {
  return size === 1 ? '' : `, ${size} cells`;
}

function block(text: string): string {
  return `c_code {\n${text}\n}`;
}

function head(info: ExportInfo): string {
  const lines = [
    ...info.title.map((l) => cText(l)),
    '',
    'A process is a thread; a d_step is one step: a visible operation and the invisible ones behind',
    'it. What a step does is C, because pointers, stacks and the arithmetic of C are. Processes stay',
    'at an end label; the last one judges states in which nothing can move.',
    '',
    'spin -a FILE && gcc -O2 -DSAFETY -DNOREDUCE -o pan pan.c && ./pan -c0 -m1000000',
    './pan -r replays a trail with the names of threads, functions and lines.',
  ];
  return `/*\n${lines.map((l) => (l === '' ? ' *' : ` * ${l}`)).join('\n')}\n */`;
}

function declarations(parts: Parts, cells: number): string {
  const stacks = parts.threads.reduce((n, t) => n + t.cells, 0);
  const bytes = 4 * (cells + stacks + parts.machine.memory.map.threads) + 1024;
  return [
    'c_decl {',
    '\\#include <setjmp.h>',
    '\\#include <stdarg.h>',
    '\\#ifndef VECTORSZ',
    `\\#define VECTORSZ ${Math.ceil(bytes / 1024) * 1024}`,
    '\\#endif',
    '}',
  ].join('\n');
}

/** What Spin stores: cells that some thread writes, hidden cells, stacks. */
function states(parts: Parts, cells: number, hidden: number): string {
  return [
    'c_state "int on" "Global"',
    `c_state "int mem[${Math.max(1, cells)}]" "Global"`,
    `c_state "int hid[${hidden}]" "Global"`,
    ...parts.threads.map((t, i) => `c_state "int st${i}[${t.cells}]" "Global"`),
  ].join('\n');
}

function constants({ machine, threads, placed, finals, invariants }: Parts): string {
  const { globals, threads: hiddenEnd, faults, size } = machine.memory.map;
  const pools = machine.memory.pools.length;
  const sizes = `RL_GLOBALS = ${globals}, RL_THREADS = ${hiddenEnd}, RL_SIZE = ${size}`;
  const counts = `RL_COUNT = ${threads.length}, RL_FAULTS = ${faults}, RL_POOLS = ${pools}`;
  const checks = `RL_FINALS = ${finals.length}, RL_INVARIANTS = ${invariants.length}`;
  return [
    `enum { ${sizes}, ${counts}, ${checks}, RL_FNS = ${placed.size} };`,
    'extern const struct rl_fn *const rl_fns[RL_FNS];',
    `static const char RL_PROBLEM[] = "${problemOf(machine)}";`,
    'static int rl_alone[RL_REGION];',
  ].join('\n');
}

function problemOf({ problem }: ModelMachine): string {
  return problem ? cText(`${problem.property}: ${problem.function}: ${problem.text}`) : '';
}

interface MemoryTables {
  /** Position of each global cell in the state, -1 for one that no thread writes. */
  readonly slots: readonly number[];
  readonly cells: number;
  readonly hidden: number;
}

function memoryOf(machine: ModelMachine): MemoryTables {
  let cells = 0;
  const slots = [...machine.cpu.mutable].map((m) => (m === 1 ? cells++ : -1));
  const { globals, threads } = machine.memory.map;
  return { slots, cells, hidden: threads - globals };
}

function numbers(type: string, name: string, values: readonly number[]): string {
  const list =
    values.length === 0
      ? '0'
      : values.map((v) => (v === -0x80000000 ? '-2147483647-1' : v)).join(',');
  return block(`${type} ${name}[] = { ${list} };`);
}

function tables(
  { machine, threads, placed, finals, invariants }: Parts,
  memory: MemoryTables,
): readonly string[] {
  const { map } = machine.memory;
  const rows = threads.map(
    (t) =>
      `{ "${cText(t.name)}", ${t.fn}, ${t.role === 'thread' ? 1 : 0}, ${t.role === 'irq' ? 1 : 0}, ${t.cells}, ${t.choices} }`,
  );
  const checks = invariants.map((i) => `{ "${cText(i.id)}", ${i.fn} }`);
  const entries = [...placed.values()].map((f) => f.entry);
  const initial = [...machine.initial.subarray(0, map.threads)];
  const stacks = threads.map((_, i) => `    case ${i}: return now.st${i};`);
  return [
    numbers('static const short', 'rl_slot', memory.slots),
    numbers('static const int', 'rl_guard', [...map.guard]),
    numbers('static int', 'rl_fixed', initial),
    numbers('static const int', 'rl_final', finals),
    numbers('static const int', 'rl_entry', entries),
    block(
      [
        ...pools(machine, placed),
        `static const struct rl_thread rl_threads[] = {\n  ${rows.length === 0 ? '{ 0 }' : rows.join(',\n  ')} };`,
        `static const struct rl_check rl_invariant[] = { ${checks.length === 0 ? '{ 0 }' : checks.join(', ')} };`,
        'static int *rl_stack(int t) {\n  switch (t) {',
        ...stacks,
        '  }\n  return rl_alone;\n}',
        OF,
      ].join('\n'),
    ),
  ];
}

/** Pools, and the names of functions that the set-up has left in them. */
function pools(machine: ModelMachine, placed: Parts['placed']): readonly string[] {
  const { memory, threads, initial } = machine;
  const rows = memory.pools.map(({ name, at, pool }, i) => {
    const { hidden, stride, count, leaks, element } = pool;
    const shape = `${hidden}, ${at}, ${stride}, ${count}, ${leaks ? 1 : 0}`;
    return `{ ${shape}, "${cText(name)}", "${cText(element)}", rl_busy${i}, rl_first${i} }`;
  });
  const lists = memory.pools.flatMap(({ pool }, i) => {
    const first = [...threads, undefined].map((_, t) => pool.first[t] ?? 0);
    const busy = pool.busy.map((b) => `{ ${b.offset}, "${cText(b.text)}" }, `).join('');
    return [
      `static const int rl_first${i}[] = { ${first.join(', ')} };`,
      `static const struct rl_busy rl_busy${i}[] = { ${busy}{ 0, 0 } };`,
    ];
  });
  const cells = initial.subarray(memory.map.globals, memory.map.faults);
  const sites = [...new Set([...cells].map((c) => siteIn(c)))].flatMap((site) => {
    const name = [...machine.program.part.functions.keys()][site - 1];
    return name === undefined || placed.has(name) ? [] : [`{ ${site - 1}, "${cText(name)}" }, `];
  });
  return [
    ...lists,
    `static const struct rl_pool rl_pools[] = { ${rows.length === 0 ? '{ 0 }' : rows.join(', ')} };`,
    `static const struct rl_site rl_sites[] = { ${sites.join('')}{ 0, 0 } };`,
  ];
}

const OF = `static int rl_of(int pc) {
  int low = 0, high = RL_FNS - 1;
  while (low < high) {
    int middle = (low + high + 1) / 2;
    if (rl_entry[middle] <= pc) low = middle;
    else high = middle - 1;
  }
  return low;
}`;

function process(t: ExportedThread, index: number): string {
  const options = Array.from(
    { length: t.choices },
    (_, k) => `  :: d_step { c_expr { (rl_can(${index}, ${k})) } -> c_code { rl_do(); } }`,
  );
  return [
    `/* ${t.role} ${cText(t.name)} */`,
    `active proctype t${index}_${identifier(t.name)}()`,
    '{',
    'end:',
    '  do',
    ...options,
    '  od',
    '}',
  ].join('\n');
}

const START = `/* Takes the cells as the set-up left them, then judges every state in which nothing moves. */
active proctype start()
{
  d_step { c_code { rl_start(); } };
end:
  do
  :: atomic { timeout -> c_code { rl_judge(); } }
  od
}
`;
