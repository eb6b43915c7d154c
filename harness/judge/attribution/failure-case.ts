import type { Cause } from '../../model/cause.ts';
import type { EvidenceLine, PodBy } from '../../model/finding.ts';
import type { ArmPlan } from '../../model/plan.ts';
import type { Request } from '../../model/request.ts';
import type { Micros } from '../../model/units.ts';
import type { Answers } from '../evidence/answers.ts';
import type { ClientRules } from '../evidence/client-rules.ts';
import type { Connections } from '../evidence/connections.ts';
import type { Ports } from '../evidence/ports.ts';
import type { ServerEntry, ServerLog } from '../evidence/server-log.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Route } from './route.ts';

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
  readonly evidence: () => readonly EvidenceLine[];
}

/** Returns undefined if the cause does not explain the failure. */
export type CauseRule = (failure: FailureCase) => Attribution | undefined;
export type PodCauseRule = (failure: FailureCase, suspect: Suspect) => Attribution | undefined;
