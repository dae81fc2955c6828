/** What is measured: things that a user waits for. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DiagnosticSeverity } from 'vscode-languageserver/node';
import { readAssets } from '../../server/assets.js';
import { TestClient } from '../lsp/client.js';
import type { Published } from '../lsp/client.js';
import { EXAMPLE, EXAMPLE_URI, deleteLine, lineOf } from '../lsp/texts.js';
import { ROOT } from '../support/tools.mjs';
import { cold } from './cold.js';
import { coreRows } from './core-rows.js';
import type { Row } from './harness.js';
import { timed } from './harness.js';
import { ANCHORS } from './models/anchors.js';

const CLI = join(ROOT, 'dist/cli.js');
const SEEDS = join(ROOT, '../shared/seeds');

interface Document {
  readonly uri: string;
  readonly text: string;
}

const example: Document = { uri: EXAMPLE_URI, text: EXAMPLE };

/** The long thread with ten quoted copies, when it lies beside the checkout. */
function thread(): Document | undefined {
  const name = existsSync(SEEDS) ? readdirSync(SEEDS).find((n) => n.startsWith('004_')) : undefined;
  if (name === undefined) return undefined;
  const path = join(SEEDS, name);
  return { uri: pathToFileURL(path).href, text: readFileSync(path, 'utf8') };
}

/** A finding with a witness: an error or a warning of a rule about handles. */
function confirmed({ diagnostics }: Published): boolean {
  return diagnostics.some(({ severity }) => (severity ?? 9) <= DiagnosticSeverity.Warning);
}

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** With a server of its own, started before the clock runs. */
async function served(work: (client: TestClient) => Promise<number>): Promise<number> {
  const client = await TestClient.start();
  try {
    return await work(client);
  } finally {
    await client.stop();
  }
}

async function open(client: TestClient, { uri, text }: Document): Promise<void> {
  await client.open(uri, text);
  await client.until(uri, confirmed, 'a confirmed finding');
}

function opening(name: string, document: Document, bar: number): Row {
  const run = (): Promise<number> => served((c) => elapsed(() => open(c, document)));
  return { name: `open ${name} to its confirmed finding`, bar, run };
}

/** What the static part says, before any race was run. */
function first(name: string, { uri, text }: Document, bar: number): Row {
  const run = (): Promise<number> =>
    served((client) =>
      elapsed(async () => {
        await client.open(uri, text);
        await client.until(uri, ({ diagnostics }) => diagnostics.length > 0, 'a diagnostic');
      }),
    );
  return { name: `open ${name} to its diagnostics`, bar, run };
}

const CALL = lineOf('= ext4_punch_flush');

const warm: readonly Row[] = [
  {
    name: 'run the race of the example',
    bar: 1000,
    run: () =>
      served(async (client) => {
        await open(client, example);
        const argument = { uri: example.uri, line: CALL };
        return elapsed(() => client.execute('racelore.runRace', argument));
      }),
  },
  {
    name: 'delete the line: the finding is gone',
    bar: 1000,
    run: () =>
      served(async (client) => {
        await open(client, example);
        return elapsed(async () => {
          await client.change(example.uri, [deleteLine(CALL)]);
          await client.until(example.uri, (last) => !confirmed(last), 'no finding');
        });
      }),
  },
];

const long = thread();

/** Small files of Model C with a finding, in a process of their own. */
const coldRows: readonly Row[] = ANCHORS.slice(0, 2).map(({ name, files }) => ({
  name: `\`racelore run\` of the anchor ${name}, from start to exit`,
  bar: 2000,
  run: () => cold(files).total,
}));

export const ROWS: readonly Row[] = [
  { name: 'read grammar and model kernel', bar: 10, run: () => timed(() => void readAssets()) },
  {
    name: '`racelore scenarios`, from start to exit',
    bar: 1000,
    run: () => timed(() => void spawnSync(process.execPath, [CLI, 'scenarios'])),
  },
  ...coldRows,
  opening('the example', example, 1500),
  ...(long === undefined ? [] : [first('a thread of 4500 lines', long, 1500)]),
  ...warm,
  ...(long === undefined
    ? coreRows('the example', EXAMPLE)
    : coreRows('a thread of 4500 lines', long.text)),
];
