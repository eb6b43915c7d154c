import type { Cause } from '../../model/cause.ts';
import type { FailureEvidence, PodBy } from '../../model/finding.ts';
import type { ArmPlan } from '../../model/plan.ts';
import type { Request } from '../../model/request.ts';
import type { Micros } from '../../model/units.ts';
import type { ConntrackEvent } from '../../recording/conntrack.ts';
import type { Answers } from '../evidence/answers.ts';
import type { ClientRules } from '../evidence/client-rules.ts';
import type { Connections } from '../evidence/connections.ts';
import type { Ports } from '../evidence/ports.ts';
import type { ServerEntry, ServerLog } from '../evidence/server-log.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import type { Timeline } from '../timeline/timeline.ts';

/** The recorded sources that rules use to explain a failure. */
export interface Sources {
  readonly plan: ArmPlan;
  readonly timeline: Timeline;
  readonly connections: Connections;
  readonly serverLog: ServerLog;
  readonly answers: Answers;
  readonly ports: Ports;
  readonly rules: ClientRules;
}

/** The route of a failed request. */
export type Route =
  | {
      readonly kind: 'pod';
      readonly pod: PodHistory;
      readonly by: PodBy;
      readonly at: Micros;
      readonly entry?: ConntrackEvent;
    }
  /** Conntrack saw an endpoint address that no watch reported. */
  | { readonly kind: 'stranger'; readonly ip: string; readonly clusterIp: string; readonly at: Micros }
  /** No connection was opened, and an older conntrack entry of its source port still existed. */
  | { readonly kind: 'old-entry'; readonly entry: ConntrackEvent; readonly pod: PodHistory | undefined }
  /** Connections were recorded, and there is none for this request. */
  | { readonly kind: 'no-connection' }
  /** Connections were not recorded, or some are missing. */
  | { readonly kind: 'unknown' };

/** A failed request, its route, and what a pod logged about it. */
export interface FailureCase extends Sources {
  readonly request: Request;
  readonly route: Route;
  readonly served: ServerEntry | undefined;
}

/** A pod that may explain a failure, and when the connection or the request was sent to it. */
export interface Suspect {
  readonly pod: PodHistory;
  readonly at: Micros;
  readonly by: PodBy;
}

export interface Attribution {
  readonly cause: Cause;
  readonly pod: string;
  readonly podBy: PodBy;
  readonly words: string;
  /** Computed on demand, because most failures are only counted. */
  readonly evidence: () => readonly FailureEvidence[];
}

/** Returns undefined if the cause does not explain the failure. */
export type CauseRule = (failure: FailureCase) => Attribution | undefined;
export type PodCauseRule = (failure: FailureCase, suspect: Suspect) => Attribution | undefined;
