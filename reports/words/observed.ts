import type { ArmFindings, ArmStory } from '../../harness/model/finding.ts';
import { microsToMs } from '../../harness/model/units.ts';
import { evictionAnswer } from './eviction.ts';
import { count, shortSeconds } from './number.ts';

/** The observations of an arm besides the numbers of requests; empty if there are none. */
export const observed = ({ story }: ArmFindings): string =>
  story ? [...silence(story), ...evictions(story)].join(' · ') : '';

const silence = ({ silence: span }: ArmStory): string[] =>
  span ? [`no answer for ${shortSeconds(microsToMs(span.to - span.from))}`] : [];

function evictions({ evictions: answers }: ArmStory): string[] {
  if (answers.length === 0) return [];
  const many = (answer: string) => count(answers.filter((each) => evictionAnswer(each) === answer).length);
  return [`evictions: ${many('allowed')} allowed, ${many('refused')} refused`];
}
