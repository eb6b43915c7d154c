import assert from 'node:assert/strict';
import type { RunFindings } from '../../harness/model/finding.ts';
import { assertLinear } from '../../harness/sys/testing/linear.ts';
import { controls, hostileRun } from '../testing/hostile.ts';
import { runs } from '../testing/runs.ts';
import { html } from './html.ts';

interface Element {
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: (Element | string)[];
}

const endless = new Set(['meta', 'input', 'br']);
const token =
  /<!doctype html>|<!--[\s\S]*?-->|<\/([a-zA-Z][a-zA-Z0-9]*)>|<([a-zA-Z][a-zA-Z0-9]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*(\/?)>|[^<]+/y;

/** Parses a page as a browser does, for the HTML that we write. Throws for anything else. */
function parsed(page: string): Element {
  const root: Element = { tag: '', attributes: new Map(), children: [] };
  const open = [root];
  token.lastIndex = 0;
  while (token.lastIndex < page.length) {
    const at = token.lastIndex;
    const match = token.exec(page);
    assert.ok(match, `not HTML: ${page.slice(at, at + 80)}`);
    const [whole, closing, tag, attributes = '', empty] = match;
    const inner = open.at(-1) ?? root;
    if (closing !== undefined) assert.equal(open.pop()?.tag, closing, page.slice(at - 80, at));
    else if (tag !== undefined) {
      const pairs = [...attributes.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)];
      const element: Element = {
        tag,
        attributes: new Map(pairs.map(([, name = '', value = '']) => [name, value])),
        children: [],
      };
      inner.children.push(element);
      if (tag === 'script' || tag === 'style') {
        const end = page.indexOf(`</${tag}`, token.lastIndex);
        element.children.push(page.slice(token.lastIndex, end));
        token.lastIndex = page.indexOf('>', end) + 1;
      } else if (empty === '' && !endless.has(tag)) open.push(element);
    } else inner.children.push(whole);
  }
  assert.deepEqual(open, [root]);
  return root;
}

const elementsOf = (element: Element): Element[] =>
  element.children.flatMap((child) => (typeof child === 'string' ? [] : [child, ...elementsOf(child)]));

const textOf = (element: Element): string =>
  element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');

const attributesOf = (page: Element, name: string): string[] =>
  elementsOf(page).flatMap(({ attributes }) => attributes.get(name) ?? []);

describe('hostile text in report.html', () => {
  for (const [name, run] of Object.entries(runs))
    describe(name, () => {
      let page: string;
      let read: Element;
      let clean: Element;
      before(async () => {
        page = html(hostileRun(await run()));
        read = parsed(page);
        clean = parsed(html(await run()));
      });
      const kinds = (of: (element: Element) => readonly string[]) => (root: Element) =>
        new Set(elementsOf(root).flatMap(of));

      it(`makes no element or attribute from ${name}, and starts no script`, () => {
        for (const known of [kinds(({ tag }) => [tag]), kinds(({ attributes }) => [...attributes.keys()])])
          assert.deepEqual(
            [...known(read)].filter((each) => !known(clean).has(each) && !/^(?:tspan|dl)$/.test(each)),
            [],
          );
        assert.deepEqual(
          [...kinds(({ tag }) => [tag])(read)].filter((tag) =>
            /^(?:img|iframe|object|embed|a:|base|form|link)$/.test(tag),
          ),
          [],
        );
        assert.deepEqual(
          [...kinds(({ attributes }) => [...attributes.keys()])(read)].filter((each) => each.startsWith('on')),
          [],
        );
        const scripts = (root: Element) => elementsOf(root).filter(({ tag }) => tag === 'script');
        assert.equal(scripts(read).length, scripts(clean).length);
        const ours = (root: Element) =>
          scripts(root).filter(({ attributes }) => attributes.get('type') !== 'application/json');
        assert.deepEqual(ours(read).map(textOf), ours(clean).map(textOf));
      });

      it(`makes no link and loads nothing from ${name}`, () => {
        for (const href of attributesOf(read, 'href')) assert.match(href, /^#[\w-]+$/);
        for (const style of attributesOf(read, 'style')) assert.match(style, /^--h:[\d.]+$/);
        for (const fill of attributesOf(read, 'fill')) assert.match(fill, /^var\(--[\w-]+(?:,url\(#[\w-]+\))?\)$/);
        assert.deepEqual(attributesOf(read, 'src'), []);
        const policy = (root: Element) =>
          elementsOf(root).flatMap(({ attributes }) =>
            attributes.get('http-equiv') === 'Content-Security-Policy' ? [attributes.get('content')] : [],
          );
        assert.deepEqual(policy(read), policy(clean));
        assert.match(
          policy(read)[0] ?? '',
          /^default-src &#39;none&#39;; style-src .*; script-src &#39;sha256-[\w+/=]+&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;$/,
        );
      });

      it(`escapes every control character of ${name}, also in the data of the script`, () => {
        assert.doesNotMatch(page, controls);
        assert.ok(page.includes('\ufffd]52;c;'));
        const data = elementsOf(read).filter(({ attributes }) => attributes.get('type') === 'application/json');
        const say = (value: unknown): string[] =>
          typeof value === 'string'
            ? [value]
            : Array.isArray(value)
              ? value.flatMap(say)
              : Object.values(value ?? {}).flatMap(say);
        for (const text of data.flatMap((block) => say(JSON.parse(textOf(block))))) assert.doesNotMatch(text, controls);
      });
    });

  it('is never written as markup by the script', async () => {
    const [script = ''] = elementsOf(parsed(html(await runs.pass())))
      .filter(({ tag, attributes }) => tag === 'script' && attributes.size === 0)
      .map(textOf);
    assert.match(script, /textContent/);
    assert.doesNotMatch(
      script,
      /innerHTML|outerHTML|insertAdjacent|document\.write|createContextualFragment|\beval\b|Function\(|setAttribute\('on/,
    );
  });

  it('takes time that grows with its length, not with the square of its length', async () => {
    const run = await runs.fail();
    assertLinear('\u001b];;<', (text) => {
      const experiments = run.experiments.map((each) => ({ ...each, question: text, title: text }));
      html({ ...run, sentence: text, experiments });
    });
  });
});

/** The run with all names replaced by names in right-to-left script. */
function fromRightToLeft(run: RunFindings): RunFindings {
  const names = new Map<string, string>();
  const renamed = (name: string) => {
    const known = names.get(name) ?? `אב${names.size}`;
    names.set(name, known);
    return known;
  };
  const keys =
    /^(?:pod|node|name|domain|id|fault|budget|gen|saw|faithfulTo|repeats|check|of|question|title|says|err|words|run)$/;
  return JSON.parse(JSON.stringify(run), (key, value) => {
    if (typeof value === 'string' && keys.test(key) && value !== '') return renamed(value);
    if (/^(?:takenBy|pods)$/.test(key) && Array.isArray(value))
      return value.map((each) => (typeof each === 'string' ? renamed(each) : each));
    return value;
  });
}

/** Whether an element has a direction of its own: by HTML, by an attribute, or by reports/html/assets/page.css. */
const isolating = ({ tag, attributes }: Element): boolean =>
  /^(?:bdi|a|b|code|span)$/.test(tag) || attributes.get('unicode-bidi') === 'isolate';
/** A path is one name, in an element of its own. */
const names = /^(?:אב\d+(?:, אב\d+)*…?|runs\/\S+)$/;

describe('right-to-left names in report.html', () => {
  for (const [name, run] of Object.entries(runs))
    it(`change nothing around them in ${name}`, async () => {
      const page = parsed(html(fromRightToLeft(await run())));
      const wrong: string[] = [];
      let seen = 0;
      const look = (element: Element) => {
        for (const child of element.children) {
          if (typeof child !== 'string') look(child);
          else if (/אב\d/.test(child) && !/^(?:script|style|title)$/.test(element.tag)) {
            seen++;
            const alone = textOf(element).trim() === child.trim();
            if (!names.test(child.trim()) || !(alone || isolating(element)))
              wrong.push(`${element.tag}: ${textOf(element)}`);
          }
        }
      };
      look(page);
      assert.ok(seen > 20, `${seen} names`);
      assert.deepEqual([...new Set(wrong)], []);
    });

  it('have style rules that isolate them', async () => {
    const styles = elementsOf(parsed(html(await runs.pass())))
      .filter(({ tag }) => tag === 'style')
      .map(textOf);
    assert.match(styles.join(''), /\na,\nb,\ncode,\nspan \{\n {2}unicode-bidi: isolate;\n\}/);
  });
});
