/** The server's knobs, one environment variable each. Times in ms. */
export interface Settings {
  readonly port: number;
  /** It listens this long after it started. */
  readonly startDelayMs: number;
  /** It is ready this long after it listens. */
  readonly readyDelayMs: number;
  /** On SIGTERM: close the listener and finish, exit at once, or nothing. */
  readonly drain: 'graceful' | 'exit' | 'ignore';
  readonly workMs: number;
  /** The last answer of a connection says so; 0 is no limit. */
  readonly maxRequestsPerConnection: number;
  /** Asked before each answer; empty where it depends on nobody. */
  readonly dependencyUrl: string;
  readonly version: string;
  readonly pod: string;
  readonly node: string;
  /** Directory of the event log. */
  readonly evidence: string;
}

/** Throws an error that names the variable. */
export function settingsFrom(env: NodeJS.ProcessEnv): Settings {
  return {
    port: wholeNumber(env, 'PORT', 8080),
    startDelayMs: wholeNumber(env, 'START_DELAY_MS', 0),
    readyDelayMs: wholeNumber(env, 'READY_DELAY_MS', 0),
    drain: drain(env.DRAIN ?? 'graceful'),
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

function drain(text: string): Settings['drain'] {
  if (text === 'graceful' || text === 'exit' || text === 'ignore') return text;
  throw new Error(`DRAIN must be graceful, exit or ignore, and is "${text}"`);
}
