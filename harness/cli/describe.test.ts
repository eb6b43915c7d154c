import assert from 'node:assert/strict';
import rollingUpdate from '../../experiments/rolling-update.ts';
import { checks } from '../model/checks.ts';
import { catalogue } from '../record/fault/catalogue.ts';
import { causeText } from './describe-cause.ts';
import { checkText } from './describe-check.ts';
import { experimentText } from './describe-experiment.ts';
import { faultText } from './describe-fault.ts';
import { parametersOf } from './parameters-in-words.ts';

describe('describe', () => {
  it('explains every parameter of every fault, and its possible values', () => {
    for (const { name, params } of catalogue.values()) {
      const text = faultText(name);
      for (const parameter of parametersOf(params)) {
        assert.match(parameter.says, /\S{2}/, `${name}: ${parameter.name}: give it a describe() in its schema`);
        assert.match(text, new RegExp(`^  ${parameter.name} +\\S`, 'm'), name);
      }
    }
  });

  it('fits into 100 columns, except text to be copied', () => {
    for (const { name } of catalogue.values()) {
      const [words = ''] = faultText(name).split('\nIn an experiment');
      for (const line of words.split('\n')) assert.ok(line.length <= 100, line);
    }
  });

  it('explains a fault: its effect, its parameters with types and defaults, how it is undone, and the causes that it can bring', () => {
    const text = faultText('drain');
    for (const says of [
      /^drain {2}cordons nodes and evicts/,
      /\n {2}undone {7}uncordons/,
      /\n {2}can cause {4}killed-in-flight, /,
      /\n {2}nodes {8}which workers to choose/,
      /\n {15}\{ pick: 'most-replicas', count\?: a whole number from 1 \}: the nodes with most ready\s+replicas/,
      /\n {15}\{ of: text \}: the nodes that another disruption/,
      /\n {2}retryMs {6}how long to wait after a refusal\n {15}milliseconds from 100; default 5000/,
      /\n {2}finishes {5}true: [\s\S]*\n {15}true or false; default true/,
      /disruption\(\{ id: 'drain', fault: drain\(\{ nodes: \{ pick: 'most-replicas' \} \}\), limitMs/,
      /\.\/holdfast inject drain --params '\{"nodes":\{"pick":"most-replicas"\}\}'/,
    ])
      assert.match(text, says);
    assert.match(faultText('node-kill'), /fault: nodeKill\(/);
    assert.match(faultText('rollback'), /It has no parameters\.[\s\S]*\.\/holdfast inject rollout rollback\n/);
    assert.match(faultText('api-server-down'), /ends {9}by itself after \d+ s/);
    assert.throws(() => faultText('meteor'), /^UsageError: unknown fault meteor\. Faults: /);
  });

  it('explains a cause: its meaning, how to fix it, and the faults that can bring it', () => {
    const text = causeText('crash-window');
    assert.match(text, /^crash-window {2}crash window: The container had exited/);
    assert.match(text, /caused by {3}crash-loop, [\s\S]*process-kill/);
    assert.match(causeText('dns-failure'), /caused by {3}no fault/);
    assert.throws(() => causeText('meteor'), /^UsageError: unknown cause meteor\. Causes: generator-fault, /);
  });

  it('explains a check: its title, its question, and what to do if it is inconclusive', () => {
    for (const id of Object.keys(checks))
      for (const line of checkText(id).split('\n')) assert.ok(line.length <= 100, line);
    const text = checkText('fault-landed');
    assert.match(text, /^fault-landed {2}The fault takes effect\n\n {2}asks +Did observers/);
    assert.match(text, /\n {2}asked of +each disruption; [\s\S]*\n {2}if inconclusive +Read what is missing/);
    assert.match(text, /\n {2}formerly +the fault landed\n/);
    assert.throws(() => checkText('meteor'), /^UsageError: unknown check meteor\. Checks: loss-as-expected, /);
  });

  it('explains an experiment: its question and its arms', () => {
    const text = experimentText(rollingUpdate, './mine.ts');
    assert.match(text, /^rolling-update {2}A rolling update loses no request/);
    assert.match(text, /\.\/holdfast plan \.\/mine\.ts\n$/);
    assert.match(text, /\n {2}neither {9}unprotected: no readiness probe, no preStop hook \(rollout\)/);
  });
});
