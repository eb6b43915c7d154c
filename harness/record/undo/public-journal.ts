import type { Json } from '../../model/units.ts';
import { catalogue } from '../fault/catalogue.ts';
import { type Deed, deedInWords } from './action.ts';
import { journalLines } from './journal.ts';

/**
 * A journal as a recording may hold it: one line for each deed and each undoing. Plans are cut down to what their faults
 * allow to be recorded; what was patched, and every value that was there before, is left out. Throws as `journalLines` does.
 */
export const publicJournal = (path: string): string =>
  journalLines(path)
    .map((line) => ('undone' in line ? line : { seq: line.seq, deed: publicDeed(line.deed) }))
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');

function publicDeed(deed: Deed): Json {
  switch (deed.kind) {
    case 'namespace':
      return { kind: deed.kind, namespace: deed.namespace };
    case 'evidence':
      return { kind: deed.kind, evidencePath: deed.evidencePath };
    case 'unit':
      return { kind: deed.kind, node: deed.node, unit: deed.unit };
    case 'inject': {
      const { kind, id, fault, namespace, deployment, plan } = deed;
      const recorded = catalogue.get(fault)?.recorded.safeParse(plan).data ?? null;
      return { kind, id, fault, namespace, deployment, plan: recorded };
    }
    case 'patch':
      return { kind: deed.kind, words: deedInWords(deed) };
  }
}
