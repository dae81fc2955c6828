/** What the analysis takes by itself: without a process to start and without a client. */
import { Analyzer } from '../../server/analysis/index.js';
import { readAssets } from '../../server/assets.js';
import type { Row } from './harness.js';
import { timed } from './harness.js';

const URI = 'bench:mail';

/** An analysis that has the document open, made once for all runs of a row. */
function opened(text: string): () => Promise<Analyzer> {
  let made: Promise<Analyzer> | undefined;
  return () => {
    made ??= Analyzer.create(readAssets()).then((analyzer) => {
      analyzer.open(URI, text);
      return analyzer;
    });
    return made;
  };
}

/** The text with one line changed, another way each time. */
type Edit = (nth: number) => string;

function inText(text: string): Edit {
  return (nth) => text.replace(/\n\n/, `\n\nTyping ${'x'.repeat(nth)}\n`);
}

/** Another call behind an added statement. */
function inHunk(text: string): Edit {
  const lines = text.split('\n');
  const added = lines.findIndex((l) => /^\+\t+[a-z].*;$/.test(l));
  if (added < 0) throw new Error('no added statement to type behind');
  return (nth) => lines.map((l, i) => (i === added ? `${l} note_${String(nth)}();` : l)).join('\n');
}

function keystroke(name: string, text: string, edit: Edit, bar: number): Row {
  const analyzer = opened(text);
  let nth = 0;
  const run = async (): Promise<number> => {
    const a = await analyzer();
    nth++;
    const next = edit(nth);
    return timed(() => void a.open(URI, next));
  };
  return { name, bar, run };
}

function anew(name: string, text: string, bar: number): Row {
  const run = async (): Promise<number> => {
    const analyzer = await Analyzer.create(readAssets());
    return timed(() => void analyzer.open(URI, text));
  };
  return { name, bar, run };
}

function races(name: string, text: string, bar: number): Row {
  const budget = { states: 1_000_000, expired: (): boolean => false };
  const run = async (): Promise<number> => {
    const analyzer = await Analyzer.create(readAssets());
    analyzer.open(URI, text);
    return timed(() => void analyzer.check(URI, text, budget));
  };
  return { name, bar, run };
}

function oneRace(bar: number): Row {
  const budget = { states: 1_000_000, expired: (): boolean => false };
  const run = async (): Promise<number> => {
    const analyzer = await Analyzer.create(readAssets());
    const id = analyzer.kernel.scenarios[0]?.id ?? '';
    return timed(() => void analyzer.run(id, { with: [], without: [] }, budget));
  };
  return { name: 'run one race of the model', bar, run };
}

/** Rows over a long thread, or over the example where there is none. */
export function coreRows(name: string, text: string): readonly Row[] {
  return [
    anew(`static part of ${name}`, text, 700),
    races(`all races of ${name}`, text, 5000),
    oneRace(1000),
    keystroke(`type in the text of ${name}`, text, inText(text), 20),
    keystroke(`type in a hunk of ${name}`, text, inHunk(text), 50),
  ];
}
