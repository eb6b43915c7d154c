import { Command } from 'commander';
import { exitCodes } from '../model/verdict.ts';
import { print } from '../sys/terminal.ts';
import { jsonOption } from './common/options.ts';
import { printJson } from './common/print-json.ts';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Check what this machine has and what the lab needs. Changes nothing.')
    .addOption(jsonOption())
    .action(async ({ json }: { readonly json?: boolean }) => {
      const { doctor, renderDoctor } = await import('../../clusters/doctor/doctor.ts');
      const lines = await doctor();
      if (json) printJson('holdfast.doctor/1', { lines });
      else print(renderDoctor(lines));
      process.exitCode = lines.some(({ state }) => state === 'missing') ? exitCodes.error : exitCodes.pass;
    });
}
