import type { Measures } from '../../model/finding.ts';
import type { ArmEvidence } from '../evidence/arm-evidence.ts';
import { addedLatency } from './latency.ts';

/** What an arm measured beside its failed requests. Never a verdict: a demand judges it where an experiment asks. */
export const measuresOf = (evidence: ArmEvidence): Measures => ({ latency: addedLatency(evidence) });
