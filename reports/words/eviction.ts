import type { Eviction } from '../../harness/model/finding.ts';

export type EvictionAnswerWord = 'allowed' | 'refused' | 'gone' | 'failed';

/** 201 it was allowed, 404 the pod was gone already, 429 a budget refused it, 500 several budgets did. */
export function evictionAnswer({ code }: Pick<Eviction, 'code'>): EvictionAnswerWord {
  if (code === 201) return 'allowed';
  if (code === 404) return 'gone';
  return code === 429 || code === 500 ? 'refused' : 'failed';
}
