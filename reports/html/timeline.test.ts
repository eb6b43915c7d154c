import assert from 'node:assert/strict';
import type { ArmFindings, ArmStory, ExperimentFindings, Span } from '../../harness/model/finding.ts';
import { passingRun } from '../testing/rollout-runs.ts';
import { plotWidth } from './lanes/lane.ts';
import { sharedWindow, timeScale } from './lanes/scale.ts';
import { timeline } from './timeline.ts';

/** The rectangle of a pod's state. Marks of single events have other classes. */
const bar =
  /<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="[\d.]+" class="(bar-[a-z]+|listens|slice-ready)"\/>/g;

const withoutEnd = <State extends string>(spans: readonly Span<State>[]): Span<State>[] =>
  spans.map(({ from, state, to }, index) => ({
    from,
    state,
    ...(to !== undefined && index < spans.length - 1 && { to }),
  }));

/** The last known state of each pod has no end. */
const withOpenSpans = (story: ArmStory): ArmStory => ({
  ...story,
  pods: story.pods.map((pod) => ({
    ...pod,
    bar: withoutEnd(pod.bar),
    endpoint: withoutEnd(pod.endpoint),
    listening: withoutEnd(pod.listening),
  })),
});

/** The same recording with a longer tail. */
const longer = (story: ArmStory, micros: number): ArmStory => ({
  ...story,
  phases: { ...story.phases, tail: { ...story.phases.tail, to: story.phases.tail.to + micros } },
});

describe('the timeline', () => {
  it('draws a state without an end up to the end of the recording, and no further', async () => {
    const { experiments, plan } = await passingRun();
    const [experiment] = experiments;
    assert.ok(experiment);
    /** One panel for each arm. */
    const panels = (arms: readonly ArmFindings[]): string[] =>
      timeline({ ...experiment, arms } satisfies ExperimentFindings, 0, plan)
        .text.split('class="panel"')
        .slice(1);
    const told = experiment.arms.flatMap((arm) => (arm.story ? [{ ...arm, story: arm.story }] : []));
    const arms = told.map((arm, index) => ({
      ...arm,
      story: index === 0 ? longer(arm.story, 30e6) : withOpenSpans(arm.story),
    }));
    const window = sharedWindow(arms);
    for (const [index, panel] of panels(arms).entries()) {
      const arm = arms.find(({ name }) => panel.includes(`<bdi>${name}</bdi>`));
      assert.ok(arm, `panel ${index}`);
      const scale = timeScale(arm.story, window, plotWidth);
      const ends = [...panel.matchAll(bar)].map(([, x, width]) => Number(x) + Number(width));
      assert.ok(ends.length >= arm.story.pods.length);
      const last = Math.max(...ends);
      const end = scale.x(scale.end);
      assert.ok(Math.abs(last - end) < 0.1, `${arm.name}: drawn up to ${last}, recorded up to ${end}`);
      if (arm !== arms[0]) assert.ok(end < plotWidth - 50, 'another arm is longer');
    }
  });
});
