import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requestFields } from '../model/request.ts';
import { checkoutDir } from '../sys/paths.ts';

describe('docs/recording.md', () => {
  const text = readFileSync(join(checkoutDir(), 'docs/recording.md'), 'utf8');
  const section = (title: string, until: string) => text.slice(text.indexOf(title), text.indexOf(until));

  it('describes each column of requests and each reserved name', () => {
    const described = [...section('### Rows', '### Attempts').matchAll(/^- \*\*(\w+)\*\*/gm)].map(([, name]) => name);
    assert.deepEqual(described.toSorted(), [...requestFields, 'client', 'route'].toSorted());
  });

  it('shows rows in the format of our generator', () => {
    const [header = '', ...lines] = /```json\n([^`]*)\n```/.exec(text)?.[1]?.split('\n') ?? [];
    assert.deepEqual(JSON.parse(header).fields, requestFields);
    for (const row of lines.slice(0, -1)) assert.equal(JSON.parse(row).length, requestFields.length);
    const footer = JSON.parse(lines.at(-1) ?? '{}');
    assert.equal(footer.rows, lines.length - 1);
    for (const name of [...Object.keys(JSON.parse(header)), ...Object.keys(footer)])
      assert.match(text, new RegExp(`^- \\*\\*${name}\\*\\* \\(`, 'm'), name);
  });
});
