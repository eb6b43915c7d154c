import type { ApiServerState } from '../../model/event.ts';
import { sleep } from '../../sys/clock.ts';
import type { Kube } from '../../sys/kube.ts';
import type { Recorder } from './recorder.ts';

const askEveryMs = 500;

/** Asks the API server from outside whether it is ready, and records each change. */
export function watchApiServer(kube: Pick<Kube, 'ready'>, recorder: Recorder, signal: AbortSignal) {
  const ask = async () => {
    let before: ApiServerState | undefined;
    while (!signal.aborted) {
      const { ready, reason } = await kube.ready(signal);
      if (signal.aborted) return;
      if (ready !== before?.ready)
        recorder.record('api-server', ready ? 'ready' : 'down', 'api-server', { ready, reason });
      before = { ready, reason };
      await sleep(askEveryMs, signal).catch(() => undefined);
    }
  };
  return { ended: ask() };
}
