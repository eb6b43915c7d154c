import type { FailureEvidence } from '../../model/finding.ts';
import type { FailureCase, Suspect } from './failure-case.ts';

const logWords = {
  boot: 'its process started',
  listen: 'it listened',
  ready: 'it reported that it is ready',
  sigterm: 'it got SIGTERM',
  close: 'it closed its listener',
  exit: 'it exited',
} as const;

/** What conntrack, the watches and the pod’s own log show about a suspect, in order of time. */
export function evidenceOf(failure: FailureCase, { pod, at: reached }: Suspect): FailureEvidence[] {
  const { route } = failure;
  const lines: FailureEvidence[] = pod.log.flatMap(({ at, type }) =>
    type === 'start' || type === 'end' ? [] : [{ at, subject: pod.name, text: `${logWords[type]} (its own log)` }],
  );
  const seen = (at: number | undefined, text: string) => {
    if (at !== undefined) lines.push({ at, subject: pod.name, text });
  };
  seen(pod.terminating, 'seen terminating');
  seen(pod.gone, 'seen gone');
  const readySpans = pod.endpoint.spans().filter(({ state }) => state === 'ready');
  seen(readySpans[0]?.from, 'its endpoint seen ready');
  seen(readySpans.at(-1)?.to, 'its endpoint no longer seen ready');
  seen(pod.ip === '' ? undefined : failure.rules.gone(pod.ip), 'its rule was removed from the client’s node');
  const synced = failure.rules.lastSync(reached);
  if (synced !== undefined)
    lines.push({ at: synced, subject: 'kube-proxy', text: 'its last sync on the client’s node before the request' });
  if (route.kind === 'pod' && route.entry) {
    const { at, event, src, sport, endpointIp, endpointPort } = route.entry;
    const routed = event === 'new' ? 'was routed to' : 'had been routed (by the end of its entry) to';
    const text = `${src}:${sport} ${routed} ${endpointIp}:${endpointPort} (${pod.name})`;
    lines.push({ at, subject: 'conntrack', text });
  }
  return lines.sort((one, other) => (one.at ?? 0) - (other.at ?? 0));
}
