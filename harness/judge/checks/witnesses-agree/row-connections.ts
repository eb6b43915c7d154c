import type { EvidenceLine } from '../../../model/finding.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import { foundInWords } from './found-in-words.ts';

/** Rows of one connection have its port and destination, and one of them opened it. */
export const rowConnectionsAgree = ({ generators, opened, connections }: ArmEvidence): EvidenceLine[] =>
  generators.flatMap(({ gen, connections: own }) => [
    ...foundInWords(own.amiss),
    ...foundInWords(
      own.unopened((sport) => opened.isStray(gen, sport)),
      connections.overruns > 0 ? Number.POSITIVE_INFINITY : 0,
    ),
  ]);
