import { z } from 'zod';
import type { BadVersionPlan } from '../../witness/rollout.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf, noParams } from './builder.ts';
import { whenPodsEnd } from './causes.ts';
import { type NamespaceFault, NoTarget } from './fault.ts';
import { ownerInWords, ownerRef, readOwner, versionPatch } from './owner.ts';
import { nextVersion, planRollout, rolloutFields } from './rollout-plan.ts';

/** The variable of the specimen that delays the start of its listener. */
const knob = 'START_DELAY_MS';
const never = '86400000';

const withKnob = (container: string, value: string) => ({
  spec: { containers: [{ name: container, env: [{ name: knob, value }] }] },
});

/** Rolls out a release whose process runs but never listens. */
export const badVersion = builderOf<
  NamespaceFault<
    BadVersionPlan & { readonly container: string; readonly startDelay: string },
    typeof noParams,
    BadVersionPlan
  >
>({
  name: 'bad-version',
  touches: 'namespace',
  does: 'rolls out a version whose process runs but never listens',
  standsFor: 'a broken release; with a readiness probe the rollout stops, without one it continues',
  undone: 'rolls back to the previous version',
  causes: whenPodsEnd,
  example: { params: {} },
  params: noParams,
  planned: z.strictObject({
    ...rolloutFields,
    container: z.string(),
    startDelay: z.string(),
    probed: z.boolean(),
  }),
  recorded: z.object({ ...rolloutFields, probed: z.boolean() }),
  async plan(context) {
    const { spec } = await readOwner(context);
    const container = spec?.template.spec?.containers.find(({ env }) => env?.some(({ name }) => name === knob));
    const startDelay = container?.env?.find(({ name }) => name === knob)?.value;
    if (!container || startDelay === undefined)
      throw new NoTarget(`${ownerInWords(context)} has no ${knob}: only the specimen has a version that never listens`);
    const rollout = await planRollout(context, nextVersion);
    return { ...rollout, container: container.name, startDelay, probed: container.readinessProbe !== undefined };
  },
  async inject({ kube, namespace }, { owner, to, container }) {
    await kube.patch(ownerRef(namespace, owner), versionPatch(to, withKnob(container, never)));
  },
  async heal({ kube, namespace }, { owner, from, container, startDelay }) {
    const ref = ownerRef(namespace, owner);
    if (await kube.read(ref)) await kube.patch(ref, versionPatch(from, withKnob(container, startDelay)));
  },
  landed: witnesses['bad-version'],
});
