import assert from 'node:assert/strict';
import { join } from 'node:path';
import { mock } from 'node:test';
import { judgeRun } from '../judge/judge.ts';
import type { RunFindings } from '../model/finding.ts';
import { NotUndone } from '../record/undo/undo.ts';
import { show } from './common/show.ts';

const golden = join(import.meta.dirname, '..', 'testing', 'golden', 'synthetic-no-port');

describe('the result of a run', () => {
  let findings: RunFindings;
  before(async () => {
    findings = await judgeRun(golden);
  });

  /** The output of `show` on stdout. */
  function printed(options: { readonly json: boolean; readonly broke?: unknown }): string {
    let text = '';
    const write = mock.method(process.stdout, 'write', (more: string) => {
      text += more;
      return true;
    });
    try {
      show(findings, { folder: golden, ...options });
    } finally {
      write.mock.restore();
    }
    return text;
  }

  it('is one JSON document, with the error that ended the run early', () => {
    const broke = new NotUndone([new Error('node w1 is cordoned')], undefined, './holdfast heal');
    const { error, verdict } = JSON.parse(printed({ json: true, broke }));
    assert.deepEqual(error, {
      code: 'changes-left',
      message: 'node w1 is cordoned\nUndo the changes: ./holdfast heal',
    });
    assert.equal(verdict, findings.verdict);
    assert.equal(JSON.parse(printed({ json: true })).error, undefined);
  });

  it('is a table and a closing line without --json', () => {
    const text = printed({ json: false });
    assert.match(text, /\ninconclusive: .*, exit 3\)\n$/);
    assert.match(text, /\.\/holdfast judge \S*synthetic-no-port\n/);
  });
});
