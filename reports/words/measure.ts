import { endpointKinds, topologyDomains } from '../../harness/model/experiment.ts';
import type { AddedLatency, ArmFindings, Measures, Percentiles } from '../../harness/model/finding.ts';
import { sharing } from '../../harness/model/in-words.ts';
import { type Ms, microsToMs } from '../../harness/model/units.ts';
import { shortSeconds } from './number.ts';

/** One or two lines with the measurements of an arm besides its failures; empty if there are none. */
export function measuresInWords({ measures }: ArmFindings): string[] {
  if (!measures) return [];
  const standing = [...fewestInWords(measures), ...recoveryInWords(measures), ...togetherInWords(measures)].join(' · ');
  return [standing, latencyInWords(measures.latency)].filter((line) => line !== '');
}

/** `fewest 2 ready, 3 serving, 2 alive`. */
function fewestInWords({ fewest }: Measures): string[] {
  const words = endpointKinds.flatMap((kind) => (fewest[kind] ? [`${fewest[kind].count} ${kind}`] : []));
  return words.length > 0 ? [`fewest endpoints: ${words.join(', ')}`] : [];
}

function recoveryInWords({ recovery }: Measures): string[] {
  if (!recovery) return [];
  const { from, to } = recovery;
  return [
    to === undefined ? 'not recovered when the arm ended' : `recovered in ${shortSeconds(microsToMs(to - from))}`,
  ];
}

/** `most 2 on a node, 3 in a zone`. */
function togetherInWords({ together }: Measures): string[] {
  const words = topologyDomains.flatMap((over) => (together[over] ? [`${together[over].count} ${sharing[over]}`] : []));
  return words.length > 0 ? [`most replicas: ${words.join(', ')}`] : [];
}

/** Of the fault phase: `added latency (p50/p99): fresh +0.5/+37.0 ms`. */
function latencyInWords(latency: readonly AddedLatency[]): string {
  const known = latency
    .filter(({ fault }) => fault.p50Ms !== undefined)
    .map(({ gen, fault: { p50Ms, p99Ms } }) => `${gen} ${signed(p50Ms)}/${signed(p99Ms)} ms`);
  return known.length > 0 ? `added latency (p50/p99): ${known.join(', ')}` : '';
}

/** `+0.5 ms at p50, +37.0 ms at p99`; empty if there were too few answers. */
export const addedInWords = (added: Percentiles): string =>
  (
    [
      ['p50', added.p50Ms],
      ['p99', added.p99Ms],
    ] as const
  )
    .flatMap(([name, ms]) => (ms === undefined ? [] : [`${signed(ms)} ms at ${name}`]))
    .join(', ');

const signed = (ms: Ms | undefined): string =>
  ms === undefined ? '–' : `${ms < 0 ? '−' : '+'}${Math.abs(ms).toFixed(1)}`;
