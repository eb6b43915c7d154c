import type { EvidenceLine } from '../../../model/finding.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import { foundInWords } from './found-in-words.ts';

/** Where conntrack said that it lost events, at most so many of the connections may be missing: one in 500 were. */
const lossyShare = 0.01;

/** All new connections that conntrack saw are of requests, and the other way round, and lead to the pods that answered. */
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
