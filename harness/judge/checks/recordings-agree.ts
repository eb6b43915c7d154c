import type { EvidenceLine } from '../../model/finding.ts';
import { msToMicros } from '../../model/units.ts';
import type { ArmEvidence } from '../evidence/arm-evidence.ts';
import type { GeneratorLoad } from '../evidence/load.ts';
import { between, count } from '../words.ts';
import type { Check } from './check.ts';

/** Clocks that are one clock, plus what it takes to write a line. */
const tolerance = msToMicros(10);
/** A connection may be opened for one request and used by another; more than that is another clock. */
const strayShare = 0.05;

interface Compared {
  readonly what: string;
  compared: number;
  readonly off: EvidenceLine[];
}

/** Requests, connections and the pods' own logs tell the same story of the same requests, at the same time. */
export const recordingsAgree: Check = {
  name: 'the recordings agree',
  ask(evidence) {
    const expected = `answered requests lie within ${tolerance / 1000} ms of their connections and of the pods' own logs`;
    const all = evidence.generators
      .filter(({ samples, header }) => header?.conn === 'fresh' && samples.list().length > 0)
      .flatMap((load) => [withConntrack(load, evidence), withPodLogs(load, evidence)]);
    const doubtful = all.filter(({ compared, off }) => compared === 0 || off.length > compared * strayShare);
    const words = (list: readonly Compared[]) =>
      list.map(({ what, compared, off }) => `${what}: ${count(off.length)} of ${count(compared)} differ`).join('; ');
    if (all.length === 0) return { verdict: 'inconclusive', expected, measured: 'no answered request to compare' };
    if (doubtful.length === 0) return { verdict: 'pass', expected, measured: words(all) };
    return {
      verdict: 'inconclusive',
      expected,
      measured: words(doubtful),
      evidence: doubtful.flatMap(({ off }) => off),
    };
  },
};

function withConntrack(load: GeneratorLoad, { connections }: ArmEvidence): Compared {
  const found: Compared = { what: `${load.gen} with conntrack`, compared: 0, off: [] };
  if (connections.first === undefined) return found;
  for (const request of load.samples.list()) {
    found.compared += 1;
    const entry = connections.openedFor(request);
    if (!entry)
      found.off.push({ at: request.start, text: `${request.id}: no connection from source port ${request.sport}` });
    else if (entry.at < request.start - tolerance || entry.at > request.end + tolerance) {
      found.off.push({ at: request.start, text: `${request.id}: connection ${between(request.start, entry.at)} away` });
    }
  }
  return found;
}

function withPodLogs(load: GeneratorLoad, { serverLog }: ArmEvidence): Compared {
  const found: Compared = { what: `${load.gen} with the pods' logs`, compared: 0, off: [] };
  for (const request of load.samples.list()) {
    found.compared += 1;
    const served = serverLog.of(request.id);
    if (!served) found.off.push({ at: request.start, text: `${request.id}: in no pod's log` });
    else if (served.start < request.start - tolerance || served.start > request.end + tolerance) {
      found.off.push({
        at: request.start,
        text: `${request.id}: started ${between(request.start, served.start)} away in its pod's log`,
      });
    } else if (served.pod !== request.pod) {
      found.off.push({
        at: request.start,
        text: `${request.id}: answered by ${request.pod}, and in the log of ${served.pod}`,
      });
    }
  }
  return found;
}
