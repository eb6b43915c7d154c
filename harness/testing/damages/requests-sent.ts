import {
  cutInLine,
  type Damages,
  type Edit,
  firstHalf,
  lines,
  noticedBy,
  phaseStart,
  podsOf,
  replaced,
  rows,
  rowsAndFooter,
  withoutFiles,
} from './edit.ts';

const fresh = /^requests-fresh/;
const keptAlive = /^requests-kept/;

/** Changes a row in the fault phase. */
const oneRow = (change: (row: string) => string) =>
  rows(fresh, (all) => all.map((row, index) => (index === Math.floor(all.length * 0.6) ? change(row) : row)));

const answered = /,0,"",200,/;
const footer = (from: RegExp, to: string) => replaced(fresh, from, to);
const pod =
  (index: number, change: (name: string, others: readonly string[]) => [string, string]): Edit =>
  (files) => {
    const pods = podsOf(files);
    const [from, to] = change(pods[index] ?? '', pods);
    return replaced(fresh, from, to)(files);
  };

/** Damages of the generators' rows, in an arm in which no request failed. */
export const requestDamages: Damages = {
  ...noticedBy('load-delivered', {
    'half of the rows': firstHalf(fresh),
    'rows cut off within one': cutInLine(fresh),
    'no header': lines(fresh, (all) => all.slice(1)),
    'no footer': lines(fresh, (all) => all.slice(0, -1)),
    'an empty file of requests': lines(fresh, () => []),
    'no fresh requests': withoutFiles(fresh),
    'no kept-alive requests': withoutFiles(keptAlive),
    'no requests at all': withoutFiles(/^requests/),
    'rows missing in the middle': rows(fresh, (all) => all.filter((_, index) => index < 100 || index > 140)),
    'three rows missing, and a footer that knows': rowsAndFooter(fresh, (all) =>
      all.filter((_, index) => index < 300 || index > 302),
    ),
    'kept-alive rows missing, and a footer that knows': rowsAndFooter(keptAlive, (all) =>
      all.filter((_, index) => index !== 200),
    ),
    'rows twice': rows(fresh, (all) => [...all, ...all.slice(50, 60)]),
    'rows twice, and a footer that knows': rowsAndFooter(fresh, (all) => [...all, ...all.slice(200, 210)]),
    'a footer that counts other rows': footer(/"rows":\d+/g, '"rows":7'),
    'k6 counted another number': footer(/"httpReqs":\d+/g, '"httpReqs":7'),
    'k6 counted failures that no row has': footer(
      /("httpReqsFailed":0,)?"droppedIterations"/g,
      '"httpReqsFailed":3,"droppedIterations"',
    ),
    'dropped iterations': footer(/"droppedIterations":0/g, '"droppedIterations":3'),
    'a row of another shape': oneRow((row) => row.replace('[', '[0,')),
    'a row that ends before it starts': oneRow((row) => row.replace(/^\[(\d+),(\d+),(\d+),\d+/, '[$1,$2,$3,1')),
    'another rate': footer(/"ratePerSecond":\d+/g, '"ratePerSecond":10'),
    'another generator’s rows': footer(/"gen":"fresh"/g, '"gen":"other"'),
    'fresh requests that were not': rows(fresh, (all) => all.map((row) => row.replace(',200,false,', ',200,true,'))),
  }),
  ...noticedBy('machine-could-measure', {
    'a pause of 0.4 s within the fault, made up for at its end': (files) => {
      const from = phaseStart(files, 'fault') + 1_000_000;
      const to = from + 400_000;
      return lines(fresh, ([header = '', ...rest]) => {
        const { epoch } = JSON.parse(header) as { epoch: number };
        const late = (row: string) =>
          row.replace(/^\[(\d+),(\d+),(\d+),(\d+)/, (same, seq, due, start, end) =>
            Number(start) + epoch >= from && Number(start) + epoch < to
              ? `[${seq},${due},${to - epoch},${Math.max(to - epoch, Number(end))}`
              : same,
          );
        return [header, ...rest.map(late)];
      })(files);
    },
    'late requests': rows(fresh, (all) =>
      all.map((row) => row.replace(/^\[(\d+),(\d+)/, (_, seq, due) => `[${seq},${Number(due) - 80_000}`)),
    ),
  }),
  ...noticedBy('recordings-agree', {
    'requests on a clock 200 ms ahead': lines(fresh, (all) =>
      all.map((line) => line.replace(/"epoch":(\d+)/, (_, epoch) => `"epoch":${Number(epoch) + 200_000}`)),
    ),
    'requests on a clock 200 ms behind': lines(fresh, (all) =>
      all.map((line) => line.replace(/"epoch":(\d+)/, (_, epoch) => `"epoch":${Number(epoch) - 200_000}`)),
    ),
  }),
  ...noticedBy('answers-identified', {
    'answers without a name': pod(0, (name) => [`"${name}"`, '""']),
    'answers with each other’s names': pod(1, (name, [other = '']) => [name, other]),
  }),
  ...noticedBy('no-watch-gaps', {
    'answers of a pod that no watch knows': pod(4, (name) => [name, 'web-unknown']),
  }),
  ...noticedBy('loss-as-expected', {
    'a request that timed out': oneRow((row) => row.replace(answered, ',1050,"request timeout",0,')),
    'a request that was refused': oneRow((row) => row.replace(answered, ',1212,"dial: connection refused",0,')),
    'a request that was answered with 500': oneRow((row) => row.replace(answered, ',1500,"500",500,')),
    'no refusal but in the baseline': rows(fresh, (all) =>
      all.map((row, index) =>
        index === Math.floor(all.length * 0.3) ? row.replace(answered, ',1212,"dial: connection refused",0,') : row,
      ),
    ),
  }),
};
