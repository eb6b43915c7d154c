import type { NodeClock } from '../../model/node-clock.ts';
import type { Files } from '../worlds/files.ts';
import { clientAhead, nodeAhead, slewed, steppedBy } from '../worlds/other-clocks.ts';
import { type Edit, phaseStart, podsOf } from './edit.ts';

/** The node that runs the generators. */
export const generatorNode = 'the-client';

/** A recording with several clocks or with a corrected one, and the measured offsets. */
export interface Clocks {
  readonly edit: Edit;
  /** The offsets by node name, which differs between arms. */
  readonly clocks?: (files: Files) => readonly NodeClock[];
}

/** The node of the first pod in the recording. */
function firstNode(files: Files): string {
  const [pod] = podsOf(files);
  const line = files['events.ndjson']?.find((each) => each.includes(`"name":"${pod}"`) && /"node":"[^"]/.test(each));
  return /"node":"([^"]+)"/.exec(line ?? '')?.[1] ?? '';
}

const known = (node: string, ms: number, errorMs = 3): NodeClock => ({
  node,
  offsetMicros: ms * 1000,
  errorMicros: errorMs * 1000,
});

const oneNode =
  (ms: number): Edit =>
  (files) =>
    nodeAhead(files, firstNode(files), ms);

const client =
  (ms: number): Edit =>
  (files) =>
    clientAhead(files, ms);

const during = (files: Files, ms: number): number => phaseStart(files, 'fault') + ms * 1000;

/** Clocks that were measured well enough, so that the verdict does not change. For an arm that passes. */
export const clocksKnown: { readonly [what: string]: Clocks } = {
  'a node that is 3 s ahead': { edit: oneNode(3000), clocks: (files) => [known(firstNode(files), 3000)] },
  'a node that is 3 s behind': { edit: oneNode(-3000), clocks: (files) => [known(firstNode(files), -3000)] },
  'a node that is 0.15 s ahead, measured 20 ms wrong': {
    edit: oneNode(150),
    clocks: (files) => [known(firstNode(files), 130, 25)],
  },
  'generators on a node that is 3 s ahead': { edit: client(3000), clocks: () => [known(generatorNode, 3000)] },
  'generators on a node that is 0.15 s behind, and a node that is 1 s ahead': {
    edit: (files) => client(-150)(oneNode(1000)(files)),
    clocks: (files) => [known(generatorNode, -150), known(firstNode(files), 1000)],
  },
  'clocks without a difference, as measured': {
    edit: (files) => ({ ...files, 'notes.txt': ['measured'] }),
    clocks: (files) => [known(generatorNode, 0, 0), known(firstNode(files), 0, 0)],
  },
  'a clock that is slewed by 0.2 ms per second': { edit: (files) => slewed(files, 200, during(files, 0)) },
};

/** Clocks with unknown offsets. The arm proves nothing, and gives the reason. */
export const clocksUnknown: {
  readonly [what: string]: Clocks & {
    readonly says: RegExp;
    /** Whether the times of all requests are affected, so that no cause can be found by time. */
    readonly all?: true;
  };
} = {
  'a node that is 3 s ahead': { edit: oneNode(3000), says: /log of \S+: of .* at another time/ },
  'a node that is 0.15 s ahead': { edit: oneNode(150), says: /log of \S+: of .* at another time/ },
  'a node that is 0.15 s behind': { edit: oneNode(-150), says: /log of \S+: of .* at another time/ },
  'generators on a node that is 3 s ahead': {
    all: true,
    edit: client(3000),
    says: /log of \S+: of .* at another time/,
  },
  'generators on a node that is 0.15 s behind': {
    all: true,
    edit: client(-150),
    says: /log of \S+: of .* at another time/,
  },
  'a node that is 3 s ahead, but measured as 3 s behind': {
    edit: oneNode(3000),
    clocks: (files) => [known(firstNode(files), -3000)],
    says: /log of \S+: of .* at another time/,
  },
  'a correct node, but measured as 0.15 s ahead': {
    edit: (files) => ({ ...files, 'notes.txt': ['measured'] }),
    clocks: (files) => [known(firstNode(files), 150)],
    says: /log of \S+: of .* at another time/,
  },
  'correct generators, but measured as 3 s ahead': {
    all: true,
    edit: (files) => ({ ...files, 'notes.txt': ['measured'] }),
    clocks: () => [known(generatorNode, 3000)],
    says: /log of \S+: of .* at another time/,
  },
  'a node that is 0.15 s ahead, measured with an error of 0.2 s': {
    all: true,
    edit: oneNode(150),
    clocks: (files) => [known(firstNode(files), 100, 200)],
    says: /clock-steady: clocks of \S+ and of their requests known to within 200 ms/,
  },
  'a step of 20 ms': {
    edit: (files) => steppedBy(files, 20, during(files, 2000)),
    says: /clock-steady: largest step 20/,
  },
  'a step of 1 s': {
    all: true,
    edit: (files) => steppedBy(files, 1000, during(files, 2000)),
    says: /clock-steady: largest step/,
  },
  'a step of 1 s back': {
    all: true,
    edit: (files) => steppedBy(files, -1000, during(files, 2000)),
    says: /clock-steady: largest step/,
  },
  'a step of 1 s for 0.6 s': {
    all: true,
    edit: (files) => steppedBy(files, 1000, during(files, 2200), during(files, 2800)),
    says: /clock-steady: (?:stamps of one source went back by|largest step)/,
  },
  'a machine that was suspended for 20 s, and its clock corrected': {
    all: true,
    edit: (files) => steppedBy(files, 20_000, during(files, 2000)),
    says: /clock-steady: largest step/,
  },
};
