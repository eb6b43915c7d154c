import { ownCommand } from '../model/own-command.ts';
import type { ArmPlan } from '../model/plan.ts';
import { faultNamed } from '../record/fault/catalogue.ts';
import { NotPutBack } from '../record/undo.ts';

/**
 * Resolves once the cluster is as it was made but for a namespace that was kept, or throws what still differs. Ways between
 * nodes are proved where `routes` says so. Nobody interrupts it.
 */
export type VerifyCluster = (options: { readonly routes: boolean; readonly kept: string | undefined }) => Promise<void>;

/** What running an arm comes to, once the cluster is seen to be as it was made, however the arm ended. */
export async function verified(
  running: Promise<void>,
  { disruptions }: Pick<ArmPlan, 'disruptions'>,
  { verify, kept }: { readonly verify: VerifyCluster; readonly kept: string | undefined },
): Promise<void> {
  const broke = await running.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  if (disruptions.length > 0 && !(broke?.error instanceof NotPutBack)) {
    const routes = disruptions.some(({ fault }) => faultNamed(fault.name).breaksRoutes);
    await verify({ routes, kept }).catch((error: Error) => {
      throw new NotPutBack([error], broke?.error, `${ownCommand} cluster reset`);
    });
  }
  if (broke) throw broke.error;
}
