import { exposureInWords } from '../../model/in-words.ts';
import { counted } from '../../model/number-words.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { exposed as exposedBy } from '../exposure/exposure.ts';
import { type Answer, type Check, mostEvidence } from './check.ts';

/**
 * The disruption met the traffic: before each disrupted pod was taken, requests of each kind had reached it, and they
 * could still reach it then. An arm that must lose requests proves its exposure by the loss. An arm without demands
 * need not be exposed. Every arm must really have reused its kept-alive connections.
 */
export const exposed: Check = {
  id: 'exposed',
  ask(evidence: ArmEvidence): Answer {
    const { plan } = evidence;
    const disrupted = plan.disruptions.length > 0;
    const expected = disrupted
      ? 'every pod that was taken had answered requests of each kind, and could still get them when it was taken'
      : 'every pod answered requests of each kind, and kept-alive connections were reused';
    const { exposure, gaps: found, notReused } = exposedBy(evidence);
    const gaps = [...notReused, ...found];
    const met = exposure ? exposureInWords(exposure) : 'every pod answered';
    if (gaps.length === 0) return { verdict: 'pass', expected, measured: met };
    const shown = shownByItsLoss(evidence);
    if (plan.role === 'unprotected' && shown > 0 && notReused.length === 0)
      return { verdict: 'pass', expected, measured: `shown by ${counted(shown, 'failed request')}` };
    const texts = gaps.slice(0, mostEvidence).map(({ text }) => text);
    const more = gaps.length > texts.length ? [`${gaps.length - texts.length} more`] : [];
    const remedies = [...new Set(gaps.map(({ remedy }) => remedy))].slice(0, mostEvidence);
    const measured = `${[...texts, ...more].join('; ')}. What would help: ${remedies.join('; ')}`;
    const evidenceLines = gaps.map(({ at, text }) => ({ ...(at !== undefined && { at }), text }));
    if (plan.expect.kind === 'observed' && notReused.length === 0)
      return { verdict: 'pass', expected, measured, evidence: evidenceLines };
    return { verdict: 'inconclusive', expected, measured, evidence: evidenceLines };
  },
};

/** The requests that failed since the fault for a known reason. */
const shownByItsLoss = ({ failures }: ArmEvidence): number =>
  failures.filter(({ phase, cause }) => phase !== 'baseline' && cause !== 'generator-fault' && cause !== 'unattributed')
    .length;
