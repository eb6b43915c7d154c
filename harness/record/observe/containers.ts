import { z } from 'zod';
import type { NodeContainerState } from '../../model/event.ts';
import type { Lab } from '../lab.ts';
import type { Recorder } from '../recorder.ts';

const dockerEvent = z.object({
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.looseObject({ exitCode: z.string().optional() }) }),
  timeNano: z.number(),
});

/** What an action of the engine says of a container; others change nothing that is recorded. */
const stateAfter: { readonly [action: string]: NodeContainerState['state'] } = {
  die: 'exited',
  start: 'running',
  pause: 'paused',
  unpause: 'running',
};

/** Records what the engine says of the nodes' containers: it sees a node die that nobody asks any more. */
export async function watchContainers(
  { info: { nodes }, followEngine }: Pick<Lab, 'info' | 'followEngine'>,
  recorder: Recorder,
  signal: AbortSignal,
) {
  const names = new Map(nodes.map(({ container, name }) => [container, name]));
  const filters = ['type=container', ...Object.keys(stateAfter).map((action) => `event=${action}`)];
  const args = ['events', '--format={{json .}}', ...filters.map((filter) => `--filter=${filter}`)];
  const see = (line: string) => {
    const event = dockerEvent.safeParse(JSON.parse(line)).data;
    const node = event && names.get(event.Actor.ID);
    const state = event && stateAfter[event.Action];
    if (!node || !state) return;
    const exitCode = event.Actor.Attributes.exitCode;
    const data = { state, exitCode: exitCode === undefined ? null : Number(exitCode) };
    // The engine's own stamp, of the clock that all share: its words may have waited to be read.
    recorder.record('container', event.Action, node, data, Math.round(event.timeNano / 1000));
  };
  const broke = (why: string) => recorder.record('watch', 'interrupted', 'container', { reason: why });
  return { ended: followEngine(args, { signal, onLine: see, onEnd: broke }) };
}
