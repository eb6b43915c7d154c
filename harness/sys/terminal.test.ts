import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printable, printableJson, printableText } from '../model/printable.ts';
import { exec } from './exec.ts';
import { checkoutDir } from './paths.ts';
import { outputOn, rewriteLine, styled, unstyled, wantsColor } from './terminal.ts';
import { assertLinear } from './testing/linear.ts';

/** A stream that stores what is written to it. */
function kept() {
  const written: string[] = [];
  const write = (text: string | Uint8Array): boolean => written.push(String(text)) > 0;
  return { output: outputOn({ write, isTTY: true, columns: 80 }), text: () => written.join('') };
}

function shownOf(text: string): string {
  const { output, text: all } = kept();
  output.print(text);
  return all();
}

/** Characters that control terminals or change the direction of text. */
const hostile = {
  colour: '\u001b[31mred',
  clipboard: '\u001b]52;c;ZXZpbA==\u0007',
  link: '\u001b]8;;http://evil.invalid\u001b\\here',
  title: '\u001b]0;PWN\u0007',
  'an 8-bit command': '\u009d52;c;ZXZpbA==\u009c',
  'a carriage return': 'fail\rpass',
  'a backspace': 'fail\b\b\b\bpass',
  nothing: '\u0000',
  delete: '\u007f',
  'an override of direction': '\u202egnp.exe',
  'an isolate': '\u2066\u2067\u2068\u2069',
  'an Arabic letter mark': '\u061c\u200e\u200f',
  'a space of no width': 'a\u200bb\ufeff',
  'half a character': '\ud83d',
};
const controls = /[^\P{Cc}\n]|\p{Bidi_Control}|[\u200b\ufeff]|\p{Cs}/u;

describe('what is printed', () => {
  for (const [name, text] of Object.entries(hostile))
    it(`shows ${name} instead of executing it`, () => {
      assert.match(text, controls);
      for (const shown of [shownOf(text), printable(text), printableText(text)]) {
        assert.doesNotMatch(shown, controls);
        assert.ok(shown.includes('\ufffd') || name === 'a carriage return' || name === 'a space of no width', shown);
      }
    });

  it('keeps lines, tabs, and all scripts and emoji', () => {
    const text = 'one\n\ttwo: ä ß – “ЖШ” שלום 日本 👩‍🚀\n';
    assert.equal(shownOf(text), text);
  });

  it('has only our own colours', () => {
    const text = styled('bold', `${styled('red', '✘')} ${hostile.colour}`);
    assert.equal(shownOf(text), '\u001b[1m\u001b[31m✘\u001b[39m \ufffd[31mred\u001b[22m');
    assert.equal(unstyled(text), `✘ ${hostile.colour}`);
    assert.equal(shownOf(`${rewriteLine}x`), '\r\u001b[Kx');
  });

  it('ignores marks of another process and guessed marks', () => {
    const made = styled('red', 'x');
    const guessed = made.replace(/[0-9a-f]{8}-/g, '00000000-');
    assert.equal(shownOf(guessed), guessed);
    const script = "import('./harness/sys/terminal.ts').then(({ styled }) => process.stdout.write(styled('red', 'x')))";
    const { stdout } = spawnSync(process.execPath, ['-e', script], { cwd: checkoutDir(), encoding: 'utf8' });
    assert.match(stdout, /:red>x</);
    assert.equal(shownOf(stdout), stdout);
  });

  it('is coloured only on a terminal that supports it', () => {
    assert.equal(wantsColor({ isTTY: true }, {}), true);
    assert.equal(wantsColor({ isTTY: false }, {}), false);
    assert.equal(wantsColor({ isTTY: true }, { NO_COLOR: '1' }), false);
    assert.equal(wantsColor({ isTTY: true }, { TERM: 'dumb' }), false);
  });

  it('is JSON with the same value and without control characters', () => {
    const value = { ...hostile, [hostile.clipboard]: [Object.values(hostile)], plain: 'ä 日本\n\t"\\' };
    for (const indent of [undefined, 2]) {
      const text = printableJson(value, indent);
      assert.doesNotMatch(text, controls);
      assert.equal(shownOf(text), text);
      assert.deepEqual(JSON.parse(text), value);
    }
  });

  it('takes linear time', () => {
    for (const piece of ['\u001b];;', '\u001b[', '\u202e', ' \t', '<', '\u001b]8;;x\u0007', '\ud83d'])
      for (const work of [printable, printableText, shownOf, printableJson]) assertLinear(piece, work);
  });

  it('is one line of at most 2,000 characters for a title or a sentence', () => {
    assert.equal(printable(' a\n b\tc '), 'a b c');
    assert.equal(printable('x'.repeat(3000)), `${'x'.repeat(2000)}…`);
    assert.equal(printable('x'.repeat(2000)), 'x'.repeat(2000));
    assert.doesNotMatch(printable(`${'x'.repeat(1999)}👩`), controls);
  });
});

describe('a question', () => {
  const asked = (input: string) => {
    const script =
      "import('./harness/sys/terminal.ts').then(async ({ ask }) => console.log(JSON.stringify([await ask('Do it?\\u009d [y/N]')])))";
    return spawnSync(process.execPath, ['-e', script], { cwd: checkoutDir(), encoding: 'utf8', input });
  };

  it('is asked on stderr and answered on stdin', () => {
    const { stdout, stderr } = asked(' yes \nno\n');
    assert.equal(stdout, '["yes"]\n');
    assert.equal(stderr, 'Do it?\ufffd [y/N] ');
  });

  it('has no answer if stdin ends', () => assert.equal(asked('').stdout, '[null]\n'));
});

describe('the lines of NODE_DEBUG=holdfast', () => {
  it('contain no control characters of a command', async () => {
    const script = `import('./harness/sys/exec.ts').then(({ exec }) => exec('true', [${JSON.stringify(hostile.clipboard)}]))`;
    const env = { NODE_DEBUG: 'holdfast' };
    const { stderr } = await exec(process.execPath, ['-e', script], { env, cwd: checkoutDir() });
    assert.match(stderr, /HOLDFAST \d+: true .*: \d+ ms/);
    assert.doesNotMatch(stderr, controls);
  });
});

describe('the command line', () => {
  const main = join(checkoutDir(), 'harness/cli/main.ts');
  const all = Object.values(hostile).join('').replaceAll('\0', '').toWellFormed();
  for (const args of [
    [all],
    ['run', `--${all}`],
    ['judge', all],
    ['list', all],
    ['run', '--arm', all, 'rolling-update'],
  ])
    it(`prints no control character of: ${args.map((arg) => (arg.includes(all) ? 'ESC…' : arg)).join(' ')}`, () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
      assert.equal(status, 2, stderr);
      assert.match(stderr, /\ufffd/);
      assert.doesNotMatch(stdout + stderr, controls);
    });

  it('ends silently if its reader closes the pipe', () => {
    const piped = ['-c', `"$0" "$1" list faults | head -n 1; echo "\${PIPESTATUS[0]}"`, process.execPath, main];
    const { stdout, stderr } = spawnSync('bash', piped, { encoding: 'utf8' });
    assert.match(stdout, /\n0\n$/);
    assert.equal(stderr, '');
  });
});

describe('the code', () => {
  const known = new Set(['harness/sys/terminal.ts']);
  const specimen = 'experiments/workloads/specimen/';
  const isTest = /\.test\.ts$|\/testing\//;
  const files = globSync('{harness,experiments,clusters,reports}/**/*.ts', { cwd: checkoutDir() }).filter(
    (file) => !file.includes('node_modules') && !isTest.test(file) && !known.has(file) && !file.startsWith(specimen),
  );
  const printing = [
    // Only the properties and the errors of a stream may be used.
    /\bprocess\s*\.\s*(?:stdout|stderr)\b(?!\.(?:isTTY|columns|on)\b)/,
    /\bconsole\s*[.[]/,
    /\bdebuglog\b/,
    /from 'node:(?:process|console|readline[^']*)'/,
    // All spellings of escape sequences.
    /\\(?:u001b|u\{1b\}|x1b|033)\[/i,
  ];

  it('prints only through harness/sys/terminal.ts', () => {
    assert.ok(files.length > 300, `${files.length} files`);
    const wrong = files.filter((file) => {
      const source = readFileSync(join(checkoutDir(), file), 'utf8');
      return printing.some((pattern) => pattern.test(source));
    });
    assert.deepEqual(wrong, []);
  });

  it('is detected if it prints elsewhere', () => {
    const lines = [
      "process.stdout.write('x')",
      'const { stderr } = process.stderr',
      "console.log('x')",
      'createProgress({ stream: process.stderr })',
      "import { stdout } from 'node:process';",
    ];
    for (const line of lines)
      assert.ok(
        printing.some((pattern) => pattern.test(line)),
        line,
      );
    assert.ok(!printing.some((pattern) => pattern.test('process.stdout.isTTY === true; process.stdout.on()')));
  });
});
