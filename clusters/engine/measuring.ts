import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessPromise } from 'zx';
import { CodedError } from '../../harness/model/error-code.ts';
import { printable } from '../../harness/model/printable.ts';
import { reason } from '../../harness/model/reason.ts';
import { shellFor } from '../docker/docker.ts';
import type { Engine } from './engine.ts';
import { knownOwner, type Owned, ownerId, ownerLabel } from './owner.ts';

/**
 * The name of the container that marks a measurement. Names are unique on an engine, so only one command can measure.
 */
const markerName = 'holdfast-measuring';
const sinceLabel = 'io.holdfast.since';
const commandLabel = 'io.holdfast.command';
const longestCommand = 200;
/** The time in which a marker that is being created or removed runs or disappears. */
const changeLimitMs = 10_000;
const retryMs = 100;
const endLimitMs = 5_000;

/** A command of another owner measures on this engine and must not be disturbed. */
export class MeasuredByAnother extends CodedError {
  override name = 'MeasuredByAnother';
  readonly code = 'engine-in-use';
}

interface Marker extends Owned {
  readonly state: string;
  readonly since: string;
  readonly command: string;
}

/** Throws `MeasuredByAnother` if a command of another owner measures on this engine. */
export async function assertNotMeasured(engine: Pick<Engine, 'env'>, signal?: AbortSignal): Promise<void> {
  const marker = await findMarker(engine, signal);
  if (marker?.state === 'running' && (marker.owner === '' || marker.owner !== knownOwner())) throw refusal(marker);
}

/**
 * Does `work` while a marker container shows that a command of ours measures on the engine. Throws `MeasuredByAnother`
 * if another command does. The container ends with its stdin, which closes when this process ends for any reason.
 */
export async function whileMeasuring<T>(
  engine: Pick<Engine, 'env'>,
  {
    image,
    command,
    signal,
  }: { readonly image: string; readonly command: string; readonly signal?: AbortSignal | undefined },
  work: () => Promise<T>,
): Promise<T> {
  const marker = await setMarker(engine, { image, command }, signal);
  try {
    return await work();
  } finally {
    await marker.end();
  }
}

async function setMarker(
  engine: Pick<Engine, 'env'>,
  what: { readonly image: string; readonly command: string },
  signal?: AbortSignal,
): Promise<{ readonly end: () => Promise<void> }> {
  const owner = ownerId();
  const deadline = Date.now() + changeLimitMs;
  for (;;) {
    signal?.throwIfAborted();
    const running = startMarker(engine, { ...what, owner });
    if (await echoes(running)) return { end: () => endMarker(running) };
    const failure = await running;
    const there = await findMarker(engine, signal);
    if (!there && !/already in use/.test(failure.stderr))
      throw new Error(`The container that marks a measurement could not be started: ${reason(failure)}`);
    if (there?.owner === owner) await removeMarker(engine, there);
    else if (there?.state === 'running') throw refusal(there);
    if (Date.now() > deadline) throw there ? leftBehind(there) : new Error(reason(failure));
    await sleep(retryMs);
  }
}

/** In its own process group, so that Ctrl-C does not end the marker before all changes are undone. */
function startMarker(
  { env }: Pick<Engine, 'env'>,
  { image, command, owner }: { readonly image: string; readonly command: string; readonly owner: string },
): ProcessPromise {
  const labels = [
    `--label=${ownerLabel}=${owner}`,
    `--label=${sinceLabel}=${new Date().toISOString()}`,
    `--label=${commandLabel}=${printable(command).slice(0, longestCommand)}`,
  ];
  const options = ['--rm', '--interactive', '--pull=never', '--network=none', '--stop-signal=SIGKILL', ...labels];
  const $ = shellFor(env)({ nothrow: true, detached: true });
  return $`docker run ${options} --name ${markerName} --entrypoint cat ${image}`;
}

/** Whether the container runs: `cat` echoes its input. */
function echoes(running: ProcessPromise): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  running.stdout.once('data', () => resolve(true));
  running.then(() => resolve(false));
  // The container may have ended already.
  running.stdin.on('error', () => undefined);
  running.stdin.write('measuring\n');
  return promise;
}

async function endMarker(running: ProcessPromise): Promise<void> {
  running.stdin.end();
  const limit = new AbortController();
  await Promise.race([running, sleep(endLimitMs, undefined, { signal: limit.signal }).catch(() => undefined)]);
  limit.abort();
  if (running.exitCode === null) await running.kill('SIGKILL');
}

async function findMarker({ env }: Pick<Engine, 'env'>, signal?: AbortSignal): Promise<Marker | undefined> {
  const $ = shellFor(env, signal);
  const label = (name: string) => `{{.Label "${name}"}}`;
  const format = ['{{.ID}}', '{{.State}}', ...[ownerLabel, sinceLabel, commandLabel].map(label)].join('\t');
  const result = await $`docker ps --all --no-trunc --filter ${`name=^/?${markerName}$`} --format ${format}`;
  const [line = ''] = result.stdout.split('\n');
  if (line === '') return undefined;
  const [id = '', state = '', owner = '', since = '', command = ''] = line.split('\t');
  return { id, state, owner, since, command };
}

/** Removes our marker of a process that has ended: we hold the lock of the lab. */
async function removeMarker({ env }: Pick<Engine, 'env'>, { id }: Marker): Promise<void> {
  await shellFor(env)({ nothrow: true })`docker rm --force ${id}`;
}

const shown = (text: string, length: number) => printable(text).slice(0, length) || 'unknown';

const refusal = ({ owner, since, command }: Marker) =>
  new MeasuredByAnother(
    `another holdfast is measuring on this machine: owner ${shown(owner, 40)}, since ${shown(since, 40)}, ${shown(command, longestCommand)}\n` +
      'Two measurements would disturb each other. Wait until it has ended and try again',
  );

const leftBehind = ({ id, owner }: Marker) =>
  new Error(
    `The engine has a container ${markerName} of owner ${shown(owner, 40)} that is not running. Another holdfast left it behind. ` +
      `Remove it: docker rm ${id.slice(0, 12)}`,
  );
