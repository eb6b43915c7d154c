import type { EvidenceLine } from '../../../model/finding.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import { hostOf } from '../../evidence/host-of.ts';
import type { Identity } from '../../evidence/identities.ts';
import type { GeneratorLoad } from '../../evidence/load.ts';
import type { PodHistory } from '../../timeline/pod-history.ts';

/** The node, version and destination of every row match the pod watch and the generator’s target. */
export const identitiesAgree = (evidence: ArmEvidence): EvidenceLine[] =>
  evidence.generators.flatMap((load) => [...destinationsOf(load), ...podsOf(load, evidence)]);

function podsOf({ identities }: GeneratorLoad, { timeline }: ArmEvidence): EvidenceLine[] {
  const all = identities.all();
  // An application may leave out its node or version. If it names one, it must name it in all answers.
  const silent = { node: all.every(({ node }) => node === ''), version: all.every(({ version }) => version === '') };
  const fits = (named: Identity, { node, version }: Pick<PodHistory, 'node' | 'version'>): boolean =>
    (silent.node || named.node === node) && (silent.version || named.version === version);
  return all.flatMap((named) => {
    const pods = [...timeline.pods.values()].filter(({ name, seen }) => name === named.pod && seen !== undefined);
    // A pod that the watch did not report is found by `no-watch-gaps`.
    if (pods.length === 0 || pods.some((pod) => fits(named, pod))) return [];
    const watched = pods.map(({ node, version }) => `version ${version} on ${node}`).join(' or ');
    const { id, start } = named.first;
    const text = `${id}: ${named.pod} answered as version ${named.version} on ${named.node}, but the pod watch saw ${watched}`;
    return [{ at: start, text }];
  });
}

/** A target is named by its address. A host name says nothing about the address. */
const address = /^https?:\/\/(\[[\da-f:]+\]|[\d.]+)(?::(\d+))?(?:\/|$)/;

function destinationsOf({ gen, header, identities }: GeneratorLoad): EvidenceLine[] {
  const { destination, elsewhere } = identities;
  const [, host, port = '80'] = address.exec(header?.target ?? '') ?? [];
  const lines: EvidenceLine[] = [];
  if (elsewhere)
    lines.push({
      at: elsewhere.start,
      text: `${elsewhere.id}: sent to ${elsewhere.dst}, other requests to ${destination}`,
    });
  if (
    host !== undefined &&
    destination !== undefined &&
    `${hostOf(host)}:${port}` !== `${hostOf(destination)}:${portOf(destination)}`
  )
    lines.push({ text: `${gen}: sent to ${destination}, but its target is ${host}:${port}` });
  return lines;
}

const portOf = (destination: string): string => /:(\d+)$/.exec(destination)?.[1] ?? '';
