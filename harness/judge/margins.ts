import type { PodLane } from '../model/finding.ts';
import { secondsInWords } from './words.ts';

const smallest = (lanes: readonly PodLane[], of: (lane: PodLane) => number | undefined) => {
  let found: { readonly pod: string; readonly ms: number } | undefined;
  for (const lane of lanes) {
    const ms = of(lane);
    if (ms !== undefined && (!found || ms < found.ms)) found = { pod: lane.pod, ms };
  }
  return found;
};

/** How close it was: the smallest margins of an arm's pods. Empty where none was measured. */
export function marginsInWords(lanes: readonly PodLane[]): string {
  const close = smallest(lanes, ({ closeMarginMs }) => closeMarginMs);
  const listen = smallest(lanes, ({ listenMarginMs }) => listenMarginMs);
  const words: string[] = [];
  if (close) {
    const order = close.ms < 0 ? 'before' : 'after';
    words.push(
      `${close.pod} closed its listener ${secondsInWords(close.ms)} ${order} the last connection was sent to it`,
    );
  }
  if (listen) {
    const order = listen.ms < 0 ? 'before' : 'after';
    words.push(`${listen.pod} got its first connection ${secondsInWords(listen.ms)} ${order} it listened`);
  }
  return words.length > 0 ? `closest: ${words.join('; ')}` : '';
}
