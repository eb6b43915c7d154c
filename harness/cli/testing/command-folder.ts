import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { checkoutDir } from '../../sys/paths.ts';

/** How a command ended, and what it printed. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An empty folder in which commands run, with runs, state and caches of its own below it. */
export class CommandFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'holdfast-command-'));
  readonly runs = join(this.path, 'runs');
  readonly state = join(this.path, 'state');
  readonly #env: NodeJS.ProcessEnv;

  /** `env` is added to the environment of the commands. */
  constructor(env: { readonly [name: string]: string } = {}) {
    this.#env = {
      ...process.env,
      HOME: this.path,
      HOLDFAST_RUNS: this.runs,
      XDG_STATE_HOME: this.state,
      XDG_CACHE_HOME: join(this.path, 'cache'),
      NO_COLOR: '1',
      ...env,
    };
  }

  /** Runs a command as a user types it. */
  async run(...args: readonly string[]): Promise<Ended> {
    const main = join(checkoutDir(), 'harness/cli/main.ts');
    const child = spawn(process.execPath, [main, ...args], {
      cwd: this.path,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr, [exitCode]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return { exitCode, stdout, stderr };
  }

  /** The same, with its document on stdout. Throws if it printed anything else there. */
  async json(...args: readonly string[]): Promise<Ended & { readonly document: Document }> {
    const ended = await this.run(...args, '--json');
    return { ...ended, document: JSON.parse(ended.stdout) };
  }

  /** Copies a golden recording into the folder of runs. */
  addRun(id: string, golden: string): string {
    const folder = join(this.runs, id);
    mkdirSync(this.runs, { recursive: true });
    cpSync(join(checkoutDir(), 'harness/testing/golden', golden), folder, { recursive: true });
    return folder;
  }

  /** Names in a folder below this one. */
  files(...path: readonly string[]): string[] {
    return readdirSync(join(this.path, ...path)).sort();
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A JSON document: only its schema is certain. */
interface Document {
  readonly schema: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests compare the fields
  readonly [field: string]: any;
}
