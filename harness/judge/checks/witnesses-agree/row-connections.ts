import type { EvidenceLine } from '../../../model/finding.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import { foundInWords } from './found-in-words.ts';

/**
 * Rows with the same connection id have the same port and destination, and exactly one of them opened the connection.
 */
export const rowConnectionsAgree = ({ generators, opened, connections }: ArmEvidence): EvidenceLine[] =>
  generators.flatMap(({ gen, connections: own }) => [
    ...foundInWords(own.amiss),
    ...foundInWords(
      own.unopened((sport) => opened.isStray(gen, sport)),
      connections.overruns > 0 ? Number.POSITIVE_INFINITY : 0,
    ),
  ]);
