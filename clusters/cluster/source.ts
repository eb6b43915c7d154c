import type { ImageSource } from '../../harness/model/cluster.ts';
import type { Progress } from '../../harness/model/progress.ts';
import type { Engine } from '../engine/engine.ts';
import { isImageAvailable } from '../engine/registry.ts';
import { stockTag } from './node-image.ts';

/** With `auto`, checks whether kind's own image can be pulled, and prints the choice. */
export async function chooseSource(
  wanted: 'auto' | ImageSource,
  options: {
    readonly engine: Engine;
    readonly kubernetes: string;
    readonly progress: Progress;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<ImageSource> {
  if (wanted !== 'auto') return wanted;
  const tag = stockTag(options.kubernetes);
  const answer = await isImageAvailable(options.engine, tag, options.signal);
  options.progress.note(
    answer.available
      ? `Using kind’s node image ${tag}.`
      : `The node image ${tag} cannot be pulled (${answer.reason}). It is built locally.`,
  );
  return answer.available ? 'stock' : 'built';
}
