/** What the benchmark and the processes it starts tell each other: one JSON text each way. */

/** What is searched: files of Model C on their own, or a scenario of the model kernel. */
export type Program =
  | { readonly kind: 'files'; readonly files: readonly string[] }
  | { readonly kind: 'scenario'; readonly id: string };

/** Wall time is what a user waits; processor time (user + system) is what a loaded machine tells fairly. */
export type Clock = 'wall' | 'cpu';

export type Request = { readonly clock: Clock } & Work;

export type Work =
  /** To the end, once, in a process that has done nothing before. */
  | { readonly kind: 'once'; readonly program: Program }
  /** The same with closed sets, however few states there are. */
  | { readonly kind: 'reduced'; readonly program: Program }
  /** As a worker that has searched before: median milliseconds of some runs. */
  | { readonly kind: 'warm'; readonly program: Program; readonly runs: number }
  /** Every schedule, without reduction, in slices of states. */
  | {
      readonly kind: 'rate';
      readonly program: Program;
      readonly states: number;
      readonly seconds: number;
    }
  /** What the choice of threads is made from, once in a process that has done nothing before. */
  | { readonly kind: 'tables'; readonly program: Program }
  /** First findings of scenarios, in workers. */
  | { readonly kind: 'firsts'; readonly ids: readonly string[] }
  | { readonly kind: 'promela'; readonly program: Program };

/** Milliseconds since the process started (once) or since the run started (warm). */
export interface Times {
  readonly first: number | undefined;
  readonly end: number | undefined;
}

export interface Searched extends Times {
  /** When the text was parsed, and when the machine stood. */
  readonly parsed: number;
  readonly made: number;
  readonly states: number;
  readonly transitions: number;
  readonly complete: boolean;
  /** Keys of what was found, sorted. */
  readonly found: readonly string[];
  readonly shortest: number | undefined;
  /** Most memory that the process had, in bytes. */
  readonly peak: number;
  /** Processor milliseconds of the process so far. */
  readonly cpu: number;
}

/** Milliseconds to the first finding of a scenario, in a worker that runs and in a fresh one. */
export interface First {
  readonly id: string;
  readonly warm: number;
  readonly cold: number;
}

export interface Tables {
  /** Situations of all threads, and steps that are possible in them for the values of what they read. */
  readonly situations: number;
  readonly alternatives: number;
  /** Milliseconds for completing the threads' steps, and for what is found out of them. */
  readonly cover: number;
  /** Undefined: there were more steps than such a search is worth, which goes without; so many were met. */
  readonly sets: number | undefined;
}

export interface Rate {
  readonly states: number;
  readonly complete: boolean;
  /** Seconds of search. */
  readonly seconds: number;
  /** States a second of the first slices, and of the last ones. */
  readonly initial: number;
  readonly final: number;
  /** Bits that a state takes when packed. */
  readonly bits: number;
  /** Bytes of stored states, table and parents as the search counts them, and what the process grew by. */
  readonly counted: number;
  readonly grown: number;
  readonly peak: number;
}
