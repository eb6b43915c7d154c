import type { Files } from '../worlds/files.ts';
import { type Damages, lines, noticedBy, noticedThough, oneAfterAnother, podsOf, replaced, rows } from './edit.ts';
import { connections, inAnothersName, logsFollow, podsByAddress } from './witness-edits.ts';

const events = /^events/;
const conntrack = /^conntrack/;
const requests = /^requests/;
const fresh = /^requests-fresh/;

const nodeOf = (files: Files, pod: string): string =>
  [...podsByAddress(files).values()].find(({ name }) => name === pod)?.node ?? '';

/** Damages of the node, version and destination of rows. */
export const identityDamages: Damages = {
  ...noticedBy('witnesses-agree', {
    'answers that name another node': (files) => {
      const [pod = ''] = podsOf(files);
      return replaced(fresh, `"${pod}","${nodeOf(files, pod)}"`, `"${pod}","elsewhere"`)(files);
    },
    'answers that name another version': (files) => {
      const pod = podsOf(files).at(-1) ?? '';
      return replaced(requests, new RegExp(`("${pod}","[^"]*)","[^"]*"\\]`, 'g'), '$1","another"]')(files);
    },
    'one answer of another version': rows(fresh, (all) =>
      all.map((row, index) =>
        index === Math.floor(all.length * 0.61) ? row.replace(/"[^"]*"\]$/, '"another"]') : row,
      ),
    ),
    'a new version that no client saw': (files) => {
      const versions = [...podsByAddress(files).values()].map(({ version }) => version);
      const [old, young] = [versions[0], versions.at(-1)];
      return rows(requests, (all) => all.map((row) => row.replace(`,"${young}"]`, `,"${old}"]`)))(files);
    },
    'requests that went to another Service': replaced(fresh, /"(10\.96\.[\d.]+):80",/g, '"10.96.99.99:80",'),
    'one request that went to another port': rows(fresh, (all) =>
      all.map((row, index) => (index === 300 ? row.replace(':80"', ':81"') : row)),
    ),
    'connections that went to another Service': connections((all) =>
      all.map((line) => line.replace(/ dst=10\.96\.[\d.]+ /, ' dst=10.96.99.99 ')),
    ),
  }),
  ...noticedThough('witnesses-agree', {
    'requests to another Service, in rows and header': {
      bare: replaced(fresh, /"(10\.96\.[\d.]+):80",/g, '"10.96.99.99:80",'),
      coverUp: replaced(fresh, /"target":"[^"]*"/g, '"target":"http://10.96.99.99:80/"'),
    },
    'answers with the name of another pod, in rows and logs': {
      bare: inAnothersName(fresh),
      coverUp: logsFollow(fresh, 'fresh'),
    },
    'answers with the name of another pod, in rows, logs and conntrack': {
      bare: inAnothersName(fresh),
      coverUp: oneAfterAnother(logsFollow(fresh, 'fresh'), (files) => {
        const [one, other] = podsOf(files);
        const ip = (pod?: string) => [...podsByAddress(files)].find(([, { name }]) => name === pod)?.[0] ?? '';
        const [from, to] = [ip(one), ip(other)];
        return replaced(conntrack, `src=${from} `, `src=${to} `)(files);
      }),
    },
    'a node in rows and slices that is not in the pod watch': {
      bare: (files) => replaced(requests, `"${nodeOf(files, podsOf(files)[0] ?? '')}"`, '"elsewhere"')(files),
      coverUp: (files) =>
        lines(events, (all) =>
          all.map((line) =>
            line.includes('"endpointslice"')
              ? line.replaceAll(`"${nodeOf(files, podsOf(files)[0] ?? '')}"`, '"elsewhere"')
              : line,
          ),
        )(files),
    },
  }),
};
