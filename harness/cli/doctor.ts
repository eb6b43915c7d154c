import { Command } from 'commander';
import { exitCodes } from '../model/verdict.ts';
import { print } from '../sys/terminal.ts';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Check what this machine has and what the lab needs. Changes nothing.')
    .action(async () => {
      const { doctor, renderDoctor } = await import('../../clusters/doctor/doctor.ts');
      const lines = await doctor();
      print(renderDoctor(lines));
      process.exitCode = lines.some(({ state }) => state === 'missing') ? exitCodes.error : exitCodes.pass;
    });
}
