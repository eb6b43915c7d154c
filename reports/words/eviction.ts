import type { Eviction } from '../../harness/model/finding.ts';

export type EvictionAnswerWord = 'allowed' | 'refused' | 'gone' | 'failed';

/** 201: allowed; 404: the pod did not exist any more; 429: refused by a budget; 500: refused by several budgets. */
export function evictionAnswer({ code }: Pick<Eviction, 'code'>): EvictionAnswerWord {
  if (code === 201) return 'allowed';
  if (code === 404) return 'gone';
  return code === 429 || code === 500 ? 'refused' : 'failed';
}
