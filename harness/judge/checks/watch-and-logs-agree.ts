import type { EvidenceLine } from '../../model/finding.ts';
import { type Micros, type Ms, msToMicros } from '../../model/units.ts';
import type { ArmEvidence } from '../evidence/arm-evidence.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import { between, counted, secondsInWords } from '../words.ts';
import type { Check } from './check.ts';

/** A watch was seen up to 0.17 s late; the best of several pods comes closer. */
const sameClock: Ms = 150;
/** What lies further apart is no clock: the kubelet did something else meanwhile. */
const otherStory = msToMicros(1000);

interface Ending {
  readonly pod: PodHistory;
  /** SIGTERM, less the preStop sleep, after the pod was seen terminating. */
  readonly apart: Micros;
}

/**
 * The pod watch and the pods' own logs tell of the same terminations, at the same time: SIGTERM comes a preStop sleep
 * after a pod is terminating, and a pod that ended says so.
 */
export const watchAndLogsAgree: Check = {
  name: 'the watches and the pods’ logs agree',
  ask(evidence) {
    const expected = `a terminated pod got SIGTERM when its preStop sleep was over, at best within ${sameClock} ms of it`;
    const silent = silentEnds(evidence);
    if (silent.length > 0) {
      const measured = `${counted(silent.length, 'pod')} ended, and its log does not say so`;
      return { verdict: 'inconclusive', expected, measured, evidence: silent };
    }
    const apart = endings(evidence).toSorted((one, other) => Math.abs(one.apart) - Math.abs(other.apart));
    const [closest] = apart;
    if (!closest) return { verdict: 'pass', expected, measured: 'no termination to compare' };
    const measured = `of ${counted(apart.length, 'termination')} the closest is ${secondsInWords(closest.apart / 1000)} apart`;
    if (Math.abs(closest.apart) <= msToMicros(sameClock)) return { verdict: 'pass', expected, measured };
    const lines = apart.map(
      ({ pod, apart: by }): EvidenceLine => ({
        at: pod.terminating ?? 0,
        text: `${pod.name}: SIGTERM ${between(0, by)} ${by < 0 ? 'too early' : 'too late'} for when it was seen terminating`,
      }),
    );
    return { verdict: 'inconclusive', expected, measured, evidence: lines };
  },
};

function endings({ plan, timeline, phases }: ArmEvidence): Ending[] {
  const sleep = msToMicros(plan.workload.preStopSeconds * 1000);
  return [...timeline.pods.values()].flatMap((pod) => {
    const sigterm = pod.logged('sigterm');
    if (sigterm === undefined || pod.terminating === undefined || sigterm > phases.tail.to) return [];
    const apart = sigterm - sleep - pod.terminating;
    return Math.abs(apart) > otherStory ? [] : [{ pod, apart }];
  });
}

/** Pods that were seen to end in good order while their node ran, and whose log stops before. */
function silentEnds({ timeline, phases }: ArmEvidence): EvidenceLine[] {
  return [...timeline.pods.values()].flatMap(({ name, log, ends, gone, terminating, node }) => {
    if (gone === undefined || terminating === undefined || gone > phases.tail.to || log.length === 0) return [];
    const inGoodOrder = ends.some(({ exitCode }) => exitCode === 0);
    if (!inGoodOrder || timeline.outages.during(node, terminating, gone)) return [];
    const said = log.some(({ type }) => type === 'sigterm' || type === 'exit');
    return said ? [] : [{ at: gone, text: `${name} was seen gone, and its log ends before its SIGTERM` }];
  });
}
