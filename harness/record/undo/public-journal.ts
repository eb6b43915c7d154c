import type { Json } from '../../model/units.ts';
import { catalogue } from '../fault/catalogue.ts';
import { type Action, actionInWords } from './action.ts';
import { journalLines } from './journal.ts';

/**
 * The journal in the form that a recording may hold. Each plan is reduced to the fields that its fault allows to be
 * recorded. Patches lose their changes and the previous values. Throws as `journalLines` does.
 */
export const publicJournal = (path: string): string =>
  journalLines(path)
    .map((line) => ('undone' in line ? line : { seq: line.seq, deed: publicAction(line.action) }))
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');

function publicAction(action: Action): Json {
  switch (action.kind) {
    case 'namespace': {
      const { kind, namespace, helpersNamespace } = action;
      return helpersNamespace === undefined ? { kind, namespace } : { kind, namespace, helpersNamespace };
    }
    case 'evidence':
      return { kind: action.kind, evidencePath: action.evidencePath };
    case 'unit':
      return { kind: action.kind, node: action.node, unit: action.unit };
    case 'inject': {
      const { kind, id, fault, namespace, owner, plan } = action;
      const recorded = catalogue.get(fault)?.recorded.safeParse(plan).data ?? null;
      return { kind, id, fault, namespace, owner, plan: recorded };
    }
    case 'patch':
      return { kind: action.kind, words: actionInWords(action) };
  }
}
