/** The settings of the server, one environment variable each. Times are in ms. */
export interface Settings {
  readonly port: number;
  /** The time from the start until it listens. */
  readonly startDelayMs: number;
  /** The time from listening until it is ready. */
  readonly readyDelayMs: number;
  /** What it does on SIGTERM: close the listener and finish, exit at once, or nothing. */
  readonly shutdown: 'graceful' | 'exit' | 'ignore';
  readonly workMs: number;
  /** The number of requests per connection. The last answer closes it. 0 means no limit. */
  readonly maxRequestsPerConnection: number;
  /** The address that is called before each answer; empty if there is no dependency. */
  readonly dependencyUrl: string;
  readonly version: string;
  readonly pod: string;
  readonly node: string;
  /** The folder of the event log. */
  readonly evidence: string;
}

/** Reads the settings from the environment. Throws an error that names the variable. */
export function settingsFrom(env: NodeJS.ProcessEnv): Settings {
  return {
    port: wholeNumber(env, 'PORT', 8080),
    startDelayMs: wholeNumber(env, 'START_DELAY_MS', 0),
    readyDelayMs: wholeNumber(env, 'READY_DELAY_MS', 0),
    shutdown: shutdown(env.DRAIN ?? 'graceful'),
    workMs: wholeNumber(env, 'WORK_MS', 0),
    maxRequestsPerConnection: wholeNumber(env, 'MAX_REQ_PER_CONN', 0),
    dependencyUrl: env.DEPENDENCY_URL ?? '',
    version: env.VERSION ?? '',
    pod: env.POD ?? 'specimen',
    node: env.NODE ?? '',
    evidence: env.EVIDENCE ?? '.',
  };
}

function wholeNumber(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const text = env[name] ?? String(otherwise);
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} must be a whole number, and is "${text}"`);
  return Number(text);
}

function shutdown(text: string): Settings['shutdown'] {
  if (text === 'graceful' || text === 'exit' || text === 'ignore') return text;
  throw new Error(`DRAIN must be graceful, exit or ignore, and is "${text}"`);
}
