import { Interrupted } from './failure.ts';

/** Aborts at the first SIGINT, SIGTERM or SIGHUP. A second one changes nothing: what was done must still be undone. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) {
        process.stderr.write('\nholdfast: still putting everything back\n');
        return;
      }
      process.stderr.write(`\nholdfast: ${name}: putting everything back\n`);
      controller.abort(new Interrupted(`interrupted by ${name}; everything was put back`));
    });
  }
  return controller.signal;
}
