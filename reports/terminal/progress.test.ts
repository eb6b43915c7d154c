import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import { exec } from '../../harness/sys/exec.ts';
import { type Output, outputOn } from '../../harness/sys/terminal.ts';
import { createProgress } from './progress.ts';

describe('progress', () => {
  let folder: string;
  let durations: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-progress-'));
    durations = join(folder, 'state', 'durations.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('prints a line when a step begins and one when it ends, and remembers how long it took', async () => {
    const first = collector();
    await twoSteps(first.output, durations, ticking(500));
    assert.deepEqual(first.text().split('\n'), [
      '[1/2] build the image  started · 1 to go',
      '[1/2] build the image … 1.0 s',
      'chose built',
      '[2/2] create the cluster  started',
      '[2/2] create the cluster … 1.0 s',
      '',
    ]);
    const second = collector();
    await twoSteps(second.output, durations, ticking(4_020));
    assert.match(second.text(), /^\[1\/2\] build the image {2}4 s so far · last time 1\.0 s · 1 to go\n/);
    assert.match(second.text(), /\n\[1\/2\] build the image … 8\.0 s \(last time 1\.0 s\)\n/);
  });

  it('prints a sign of life while a step runs, with its current activity', async () => {
    const { output, text } = collector();
    const progress = createProgress({ durations, output, env: {}, clock: ticking(60_000), everyMs: 5 });
    await progress.step('compile', async () => {
      progress.now('kube-scheduler');
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
    const lines = text().split('\n');
    assert.match(lines[0] ?? '', /^compile {2}60 s so far$/);
    assert.match(lines[1] ?? '', /^compile {2}120 s so far {2}kube-scheduler$/);
    const printed = text();
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(text(), printed, 'nothing is printed after the step');
  });

  it('names the failed step, and does not remember its duration', async () => {
    const { output, text } = collector();
    const progress = createProgress({ durations, output, env: {}, clock: ticking(3_000) });
    await assert.rejects(
      progress.step('create the cluster', () => Promise.reject(new Error('port taken'))),
      /port taken/,
    );
    assert.match(text(), /\ncreate the cluster … failed after 6\.0 s\n$/);
    assert.throws(() => readFileSync(durations), /ENOENT/);
  });

  it('rewrites one line in a terminal', async () => {
    const { output, text } = collector({ isTTY: true, columns: 50 });
    const progress = createProgress({
      durations,
      output,
      env: { NO_COLOR: '1', TERM: 'xterm' },
      clock: ticking(1_000),
    });
    progress.plan(['arm treatment', 'judge']);
    await progress.step('arm treatment', async () => {
      progress.now('baseline 4 of 10 s · 1,204 answered, 0 failed');
      progress.note('kept');
    });
    const drawn = text().split('\r\u001b[K');
    assert.equal(drawn[1], '[1/2] arm treatment  1 s so far · 1 to go');
    assert.ok(
      drawn.slice(1).every((line) => line.endsWith('\n') || line.length < 50),
      text(),
    );
    assert.ok(drawn.includes('kept\n'));
    assert.match(drawn.at(-1) ?? '', /^\[1\/2\] arm treatment … \d+(\.\d)? s\n$/);
  });

  it('does not let a title, note or detail move the cursor, and never wraps', async () => {
    const hostile = '\u001b]52;c;ZXZpbA==\u0007\u009b31m\r\u202e\nx';
    for (const terminal of [{ isTTY: true, columns: 40 }, {}]) {
      const { output, text } = collector(terminal);
      const progress = createProgress({ durations, output, env: { TERM: 'xterm' }, clock: ticking(1_000) });
      await progress.step(hostile, async () => {
        progress.now(hostile.repeat(9));
        progress.note(hostile);
      });
      const ours = ['\r\u001b[K', ...[2, 22, 32, 39].map((code) => `\u001b[${code}m`)];
      const others = ours.reduce((rest, sequence) => rest.replaceAll(sequence, ''), text());
      assert.doesNotMatch(others, /[^\P{Cc}\n]|\p{Bidi_Control}/u);
      assert.equal(
        others.split('\n').filter((line) => line.startsWith('x')).length,
        0,
        'text that begins a line of its own',
      );
      for (const drawn of text()
        .split('\r\u001b[K')
        .slice(1)
        .filter((line) => !line.endsWith('\n')))
        assert.ok(stripVTControlCharacters(drawn).length < 40 && !drawn.includes('\n'), JSON.stringify(drawn));
    }
  });

  it('reads remembered durations only from a small regular file', async () => {
    const file = join(folder, 'durations.json');
    const plants: readonly (() => unknown)[] = [
      () => exec('mkfifo', [file]),
      () => symlinkSync('/dev/zero', file),
      () => mkdirSync(file),
      () => writeFileSync(file, `{"judge": 1000, "x": "${'x'.repeat(300_000)}"}`),
      () => writeFileSync(file, '{"judge": -1}'),
      () => writeFileSync(file, '['.repeat(100_000)),
      () => writeFileSync(file, '{"__proto__": {"judge": 1}}'),
    ];
    for (const plant of plants) {
      await plant();
      const { output, text } = collector();
      await createProgress({ durations: file, output, env: {}, clock: ticking(500) }).step('judge', async () => {});
      assert.equal(text(), 'judge  started\njudge … 1.0 s\n', String(plant));
      rmSync(file, { recursive: true });
    }
  });

  it('does not write remembered durations through a link, and only its owner can read them', async () => {
    const [victim, file] = [join(folder, 'victim'), join(folder, 'durations.json')];
    writeFileSync(victim, 'mine');
    symlinkSync(victim, file);
    const work = () =>
      createProgress({ durations: file, output: collector().output, env: {} }).step('judge', async () => {});
    await work();
    assert.equal(readFileSync(victim, 'utf8'), 'mine');
    rmSync(file);
    await work();
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it('works with damaged remembered durations', async () => {
    const damaged = join(folder, 'durations.json');
    for (const content of ['{"judge": ', '[1]', '{"judge":"long"}']) {
      writeFileSync(damaged, content);
      const { output, text } = collector();
      await createProgress({ durations: damaged, output, env: {}, clock: ticking(500) }).step('judge', async () => {});
      assert.equal(text(), 'judge  started\njudge … 1.0 s\n');
    }
  });
});

async function twoSteps(output: Output, durations: string, clock: () => number): Promise<void> {
  const progress = createProgress({ durations, output, env: {}, clock });
  progress.plan(['build the image', 'create the cluster']);
  await progress.step('build the image', async () => progress.now('rootfs'));
  progress.note('chose built');
  await progress.step('create the cluster', async () => {});
}

/** Each reading of the clock advances it. */
function ticking(ms: number): () => number {
  let now = 0;
  return () => {
    now += ms;
    return now;
  };
}

function collector(terminal: { isTTY?: boolean; columns?: number } = {}) {
  const written: string[] = [];
  const sink = new Writable({
    write(chunk, _, done) {
      written.push(String(chunk));
      done();
    },
  });
  const stream: NodeJS.WriteStream = Object.assign(Object.create(WriteStream.prototype), {
    write: (chunk: string) => sink.write(chunk),
    isTTY: false,
    columns: 80,
    ...terminal,
  });
  return { output: outputOn(stream), text: () => written.join('') };
}
