/**
 * Texts as files, for clients that cannot show a document of ours: in a folder of this process below
 * the user's runtime directory, readable by the user alone, removed at exit.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export class TextFiles {
  #folder: string | undefined;

  /** Writes a text and returns its uri. `name` may come from anywhere; only letters, digits, `-` and `.` of it are kept. */
  write(name: string, text: string): string {
    const safe = name.replace(/[^A-Za-z0-9.-]+/g, '-').replace(/^\.+/, '');
    const path = join(this.#made(), safe === '' ? 'text' : safe);
    writeFileSync(path, text, { mode: 0o600 });
    return pathToFileURL(path).href;
  }

  #made(): string {
    if (this.#folder !== undefined) return this.#folder;
    const base = process.env['XDG_RUNTIME_DIR'] ?? tmpdir();
    const folder = mkdtempSync(join(base, 'racelore-'));
    process.once('exit', () => {
      rmSync(folder, { recursive: true, force: true });
    });
    this.#folder = folder;
    return folder;
  }
}
