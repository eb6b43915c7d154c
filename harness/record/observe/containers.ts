import { z } from 'zod';
import type { NodeContainerState } from '../../model/event.ts';
import { now } from '../../sys/clock.ts';
import type { Lab } from '../lab/lab.ts';
import type { Recorder } from './recorder.ts';

const dockerEvent = z.object({
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.looseObject({ exitCode: z.string().optional() }) }),
  timeNano: z.number(),
});

/** The state of a container after an action of the engine. Other actions do not change it. */
const stateAfter: { readonly [action: string]: NodeContainerState['state'] } = {
  die: 'exited',
  start: 'running',
  pause: 'paused',
  unpause: 'running',
};

function parseEvent(line: string) {
  try {
    return dockerEvent.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/**
 * Records the state of the containers of the nodes, as the engine reports it. The engine also reports the end of a node
 * that cannot answer any more.
 */
export function watchContainers(
  { info: { nodes }, followEngine }: Pick<Lab, 'info' | 'followEngine'>,
  recorder: Recorder,
  signal: AbortSignal,
) {
  const names = new Map(nodes.map(({ container, name }) => [container, name]));
  const filters = ['type=container', ...Object.keys(stateAfter).map((action) => `event=${action}`)];
  const began = now();
  // Events from this moment on, even if the client starts later or is restarted.
  const since = `--since=${Math.floor(began / 1e6)}.${String(began % 1e6).padStart(6, '0')}`;
  const args = ['events', '--format={{json .}}', since, ...filters.map((filter) => `--filter=${filter}`)];
  const seen = new Set<string>();
  const recordLine = (line: string) => {
    const event = parseEvent(line);
    const node = event && names.get(event.Actor.ID);
    const state = event && stateAfter[event.Action];
    if (!node || !state || seen.has(line)) return;
    seen.add(line);
    const exitCode = event.Actor.Attributes.exitCode;
    const data = { state, exitCode: exitCode === undefined ? null : Number(exitCode) };
    // The time stamp of the engine, which uses the same clock: its output may have waited to be read.
    recorder.record('container', event.Action, node, data, Math.round(event.timeNano / 1000));
  };
  const recordEnd = (why: string) => recorder.record('watch', 'interrupted', 'container', { reason: why });
  return { ended: followEngine(args, { signal, onLine: recordLine, onEnd: recordEnd }) };
}
