/**
 * Entry of `dist/commands.js`: the command line. Results go to standard output, everything else to standard error;
 * exit code 0: nothing at warning level or above, 1: findings, 2: bad input or usage.
 */
import { Command, CommanderError, Option } from 'commander';
import { version } from '../../package.json';
import { plain } from '../report/plain.js';
import type { BudgetOptions } from './budget.js';
import { DEFAULT_SECONDS, DEFAULT_STATES } from './budget.js';
import type { CheckOptions } from './check.js';
import { check } from './check.js';
import type { ContextOptions } from './context.js';
import { context } from './context.js';
import type { ConformOptions } from './conform.js';
import { compare } from './compare.js';
import type { CompareOptions } from './compare.js';
import { conform } from './conform.js';
import { EXIT_BAD_INPUT } from './exit.js';
import { explain } from './explain.js';
import type { ExplainGraftOptions } from './explain-graft.js';
import { explainGraft } from './explain-graft.js';
import type { ExportOptions } from './export.js';
import { exportScenario } from './export.js';
import type { FetchOptions } from './fetch.js';
import { fetchThread } from './fetch.js';
import { InputError } from './input.js';
import { lsp } from './lsp.js';
import { isModelFile } from './model-file.js';
import type { ReplayOptions } from './replay.js';
import { replay } from './replay.js';
import { run } from './run.js';
import { runAll } from './run-all.js';
import type { ReviewOptions } from './review.js';
import { review } from './review.js';
import type { RunFilesOptions } from './run-files.js';
import { runModelFiles } from './run-files.js';
import { scenarios } from './scenarios.js';
import type { SeriesOptions } from './series.js';
import { series } from './series.js';
import type { ThreadsOptions } from './threads.js';
import { threads } from './threads.js';

function list(value: string, before: readonly string[]): readonly string[] {
  return [...before, ...value.split(',')];
}

function number(name: string): (value: string) => string {
  return (value) => {
    if (!(Number(value) > 0))
      throw new InputError(`--${name}: not a positive number: ${plain(value)}`);
    return value;
  };
}

function format(): Option {
  return new Option('--format <form>', 'form of the output')
    .choices(['text', 'json'])
    .default('text');
}

/** Time for all patches of a series together. */
const SERIES_SECONDS = '600';

function budgets(command: Command, seconds = DEFAULT_SECONDS): Command {
  return command
    .option('--seconds <n>', 'time of computing', number('seconds'), seconds)
    .option('--states <n>', 'state budget', number('states'), DEFAULT_STATES);
}

const THREAD = [
  '--thread <id>',
  'only the thread that this message is in, by its Message-ID',
] as const;

type AnyRun = RunFilesOptions & { readonly all?: boolean };

async function runAny(what: readonly string[], options: AnyRun): Promise<number> {
  if (options.all === true) return runAll(options);
  if (what.some(isModelFile)) return runModelFiles(what, options);
  const [id, ...more] = what;
  if (id === undefined) throw new InputError('no scenario given; --all runs every one');
  if (more.length > 0) throw new InputError(`one scenario at a time, not also ${more.join(' ')}`);
  return run(id, options);
}

function program(finish: (code: number) => void): Command {
  const p = new Command('racelore')
    .description('runs the races in Linux kernel file-system patches')
    .version(version)
    .exitOverride()
    .configureOutput({ writeErr: (s) => process.stderr.write(plain(s)) });
  budgets(p.command('check'))
    .description('findings and races of a mail, thread, mbox or patch, or of kernel C')
    .argument(
      '[file]',
      'file, maildir, public-inbox or folder of C files, or - for standard input',
      '-',
    )
    .addOption(format())
    .option(...THREAD)
    .option('--no-traces', 'leave the schedules out of the text')
    .addOption(
      new Option('--fail-on <level>', 'lowest level that gives exit code 1')
        .choices(['warning', 'hint', 'incomplete'])
        .default('warning'),
    )
    .action(async (file: string, o: CheckOptions) => {
      if (file === '-' && process.stdin.isTTY)
        throw new InputError('no FILE given and standard input is a terminal');
      finish(await check(file, o));
    });
  budgets(p.command('series'), SERIES_SECONDS)
    .description('which patch of a series opens or closes which race, as a matrix')
    .argument('[files...]', 'an mbox, or the mails or patches one by one; - for standard input')
    .addOption(format())
    .option(...THREAD)
    .action(async (files: readonly string[], o: SeriesOptions) =>
      finish(await series(files.length > 0 ? files : ['-'], o)),
    );
  budgets(p.command('compare'), SERIES_SECONDS)
    .description('each series against the version before it, as git range-diff shows it')
    .argument('[files...]', 'an mbox, or the mails of both versions; - for standard input')
    .option('--races', 'which races both versions open or close, side by side')
    .addOption(format())
    .option(...THREAD)
    .action(async (files: readonly string[], o: CompareOptions) =>
      finish(await compare(files.length > 0 ? files : ['-'], o)),
    );
  p.command('review')
    .description('what reviewers said of each series, on which lines, and what is open')
    .argument('[files...]', 'an mbox, or the mails of a thread; - for standard input')
    .addOption(format())
    .option(...THREAD)
    .action(async (files: readonly string[], o: ReviewOptions) =>
      finish(await review(files.length > 0 ? files : ['-'], o)),
    );
  p.command('threads')
    .description('the threads and series of mails, an mbox, a maildir or a public-inbox')
    .argument('<paths...>')
    .addOption(format())
    .action(async (paths: readonly string[], o: ThreadsOptions) => finish(await threads(paths, o)));
  p.command('fetch')
    .description('one thread from a public-inbox server, as an mbox; uses the network')
    .argument('<msgid>', 'id of any message of the thread')
    .requiredOption('--from <url>', 'address of the inbox')
    .option('-o, --output <file>', 'write to a new file instead of standard output')
    .option('--seconds <n>', 'longest time', number('seconds'), '60')
    .action(async (id: string, o: FetchOptions) => finish(await fetchThread(id, o)));
  budgets(p.command('run'))
    .description('run one scenario of the model, all of them, or files of Model C')
    .argument('[what...]', 'a scenario, or files that end in .c; - is standard input')
    .option('--all', 'every scenario as it stands and with each of its fixes, as a table')
    .addOption(format())
    .option('--profile <name>', 'kernel version that the model imitates')
    .option('--with <switches>', 'changes or fixes to turn on', list, [])
    .option('--without <switches>', 'changes to turn off', list, [])
    .option('--first', 'end with the first finding, by a shortest schedule')
    .option('--times', 'what the parts took, on standard error (files only)')
    .action(async (what: readonly string[], o: AnyRun) => finish(await runAny(what, o)));
  p.command('replay')
    .description('replay a schedule token')
    .argument('<token>')
    .argument('[files...]', 'the mail or patch, or the files of Model C, that the token belongs to')
    .addOption(format())
    .option(...THREAD)
    .action(async (token: string, files: readonly string[], o: ReplayOptions) =>
      finish(await replay(token, files, o)),
    );
  p.command('export')
    .description('write a scenario as a model for another checker')
    .requiredOption('--promela <scenario>', 'the scenario, for Spin')
    .option('--profile <name>', 'kernel version that the model imitates')
    .option('--with <switches>', 'changes or fixes to turn on', list, [])
    .option('--without <switches>', 'changes to turn off', list, [])
    .action(async (o: ExportOptions) => finish(await exportScenario(o)));
  budgets(p.command('scenarios'))
    .description('list the scenarios of the model and what each run finds')
    .action(async (o: BudgetOptions) => finish(await scenarios(o)));
  p.command('conform')
    .description('compare the functions of the model with those of a kernel tree')
    .argument('<tree>', 'top directory of a kernel source tree')
    .addOption(format())
    .option('--profile <name>', 'kernel version that the model imitates (default: as the tree)')
    .action(async (tree: string, o: ConformOptions) => finish(await conform(tree, o)));
  p.command('context')
    .description('what is held at a place of kernel C, a patch or a mail')
    .argument('<place>', 'FILE:LINE or FILE:LINE:COL')
    .addOption(format())
    .action(async (place: string, o: ContextOptions) => finish(await context(place, o)));
  p.command('explain')
    .description('the page of a rule or scenario')
    .argument('<id>')
    .action(async (id: string) => finish(await explain(id)));
  p.command('explain-graft')
    .description('where each changed line of a patch went on the model')
    .argument('[file]', 'file, or - for standard input', '-')
    .addOption(format())
    .action(async (file: string, o: ExplainGraftOptions) => finish(await explainGraft(file, o)));
  p.command('lsp')
    .description('the language server')
    .option('--stdio', 'over standard input and output (the default)')
    .action(async () => finish(await lsp()));
  return p;
}

async function main(): Promise<void> {
  try {
    await program((code) => (process.exitCode = code)).parseAsync();
  } catch (e) {
    if (e instanceof CommanderError) process.exitCode = e.exitCode === 0 ? 0 : EXIT_BAD_INPUT;
    else if (e instanceof InputError) {
      process.stderr.write(`racelore: ${plain(e.message)}\n`);
      process.exitCode = EXIT_BAD_INPUT;
    } else throw e;
  }
}

void main();
