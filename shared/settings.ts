/** The settings: one table that package.json, server and client follow. */
import { isRecord } from './protocol.js';

export interface Settings {
  /** Run the races of a document by itself, while it is edited too. */
  readonly runAuto: boolean;
  readonly budgetSeconds: number;
  readonly budgetStates: number;
  /** Heap of the worker. */
  readonly budgetMemoryMB: number;
  readonly codeLens: boolean;
  readonly traceColumns: number;
}

export const DEFAULTS: Settings = {
  runAuto: true,
  budgetSeconds: 10,
  budgetStates: 1_000_000,
  budgetMemoryMB: 1024,
  codeLens: true,
  traceColumns: 72,
};

/** Key below `racelore.` of each setting. */
export const SETTING_KEYS: Readonly<Record<keyof Settings, string>> = {
  runAuto: 'run.auto',
  budgetSeconds: 'budget.seconds',
  budgetStates: 'budget.states',
  budgetMemoryMB: 'budget.memoryMB',
  codeLens: 'codeLens',
  traceColumns: 'trace.columns',
};

function at(value: unknown, key: string): unknown {
  let here = value;
  for (const part of key.split('.')) here = isRecord(here) ? here[part] : undefined;
  return here;
}

/** Settings from the `racelore` section of a client; what is missing or of the wrong kind is the default. */
export function settingsFrom(section: unknown): Settings {
  const flag = (name: 'runAuto' | 'codeLens'): boolean => {
    const value = at(section, SETTING_KEYS[name]);
    return typeof value === 'boolean' ? value : DEFAULTS[name];
  };
  const size = (
    name: 'budgetSeconds' | 'budgetStates' | 'budgetMemoryMB' | 'traceColumns',
  ): number => {
    const value = at(section, SETTING_KEYS[name]);
    return typeof value === 'number' && value > 0 ? value : DEFAULTS[name];
  };
  return {
    runAuto: flag('runAuto'),
    budgetSeconds: size('budgetSeconds'),
    budgetStates: size('budgetStates'),
    budgetMemoryMB: size('budgetMemoryMB'),
    codeLens: flag('codeLens'),
    traceColumns: Math.max(40, Math.floor(size('traceColumns'))),
  };
}
