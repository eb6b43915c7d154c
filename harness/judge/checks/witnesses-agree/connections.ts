import type { EvidenceLine } from '../../../model/finding.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import { foundInWords } from './found-in-words.ts';

/**
 * The share of connections that may be missing if conntrack reported lost events. One in 500 was missing in practice.
 */
const lossyShare = 0.01;

/**
 * Every new connection in conntrack belongs to a request and the other way round, and leads to the pod that answered.
 */
export function connectionsAgree({ generators, opened, connections }: ArmEvidence): EvidenceLine[] {
  const ofAll = generators.flatMap(({ gen, rows }) => {
    const all = opened.of(gen);
    if (!all) return rows === 0 ? [] : [{ text: `${gen}: conntrack saw none of its connections` }];
    const lost = connections.overruns > 0 ? Math.max(2, all.expected * lossyShare) : 0;
    return [
      ...foundInWords(all.unseen, lost),
      ...foundInWords(all.unopened, connections.overruns > 0 ? Number.POSITIVE_INFINITY : 0),
      ...foundInWords(all.elsewhere),
      ...foundInWords(all.refused),
      ...foundInWords(all.misled),
    ];
  });
  return [...ofAll, ...opened.unclaimed.flatMap((found) => foundInWords(found))];
}
