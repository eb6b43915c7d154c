import type { FaultSpec } from '../model/experiment.ts';
import { UsageError } from '../model/usage-error.ts';
import { checkFault } from '../run/check-plan.ts';

/** Parses and checks the parameters of a fault as the user typed them. Throws `UsageError`. */
export function parseParams(name: string, text: string): FaultSpec['params'] {
  let params: unknown;
  try {
    params = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--params ${text}: ${(error as Error).message}`);
  }
  checkFault({ name, params: params as FaultSpec['params'] }, `--params ${text}`);
  return params as FaultSpec['params'];
}
