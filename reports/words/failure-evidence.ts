import type { FailureEvidence } from '../../harness/model/finding.ts';

/** `conntrack: 10.244.0.6:40000 was routed to 10.244.1.5:8080 (web-1)`. */
export const failureEvidenceInWords = ({ subject, text }: FailureEvidence): string =>
  subject === undefined ? text : `${subject}: ${text}`;
