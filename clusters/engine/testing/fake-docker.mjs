// A docker client and its engine in one: containers and networks are files in the engine's folder.
import {
  appendFileSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const [usersEngine, privateEngine, program, ...args] = process.argv.slice(2);
const folder = process.env.DOCKER_HOST?.endsWith('/engine/docker.sock') ? privateEngine : usersEngine;
if (!existsSync(folder)) {
  process.stderr.write('Cannot connect to the Docker daemon\n');
  process.exit(1);
}
appendFileSync(join(folder, 'log'), `${[program, ...args].join(' ')}\n`);

const list = (kind) =>
  readdirSync(join(folder, kind)).flatMap((id) => {
    try {
      return JSON.parse(readFileSync(join(folder, kind, id), 'utf8'));
    } catch {
      return [];
    }
  });
const fail = (words, code = 1) => {
  process.stderr.write(`${words}\n`);
  process.exit(code);
};
const print = (text) => process.stdout.write(`${text}\n`);
/** Values of an option, and all that is neither an option nor a value of one. */
const optionsOf = (words, withValue) => {
  const options = [];
  const rest = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (rest.length > 0 || !word.startsWith('-')) rest.push(word);
    else if (word.includes('=') || !withValue.includes(word)) options.push(word);
    else options.push(`${word}=${words[++at]}`);
  }
  const all = (name) =>
    options.filter((each) => each.startsWith(`${name}=`)).map((each) => each.slice(name.length + 1));
  return { all, one: (name) => all(name)[0], rest };
};
const remove = (kind, ids) => {
  for (const id of ids) {
    const found = list(kind).find((each) => each.id.startsWith(id) || each.name === id);
    if (!found) fail(`Error: No such ${kind}: ${id}`);
    rmSync(join(folder, kind, found.id));
    rmSync(join(folder, 'names', found.name), { force: true });
    print(id);
  }
};

const commands = {
  info() {
    const { one } = optionsOf(args.slice(1), ['--format']);
    const known = { ServerVersion: '27.0', CgroupVersion: '2', Driver: 'overlay2' };
    print(one('--format') === '{{json .}}' ? JSON.stringify(known) : '/var/lib/fake');
  },
  ps() {
    const { all, one } = optionsOf(args.slice(1), ['--filter', '--format']);
    const kept = list('containers').filter((container) =>
      all('--filter').every((filter) => {
        const [, kind, key, value] = /^(label|name)=([^=]*)(?:=(.*))?$/.exec(filter);
        if (kind === 'name') return new RegExp(key).test(container.name);
        return value === undefined ? key in container.labels : container.labels[key] === value;
      }),
    );
    for (const container of kept) {
      const fields = {
        '.ID': container.id,
        '.Names': container.name,
        '.State': container.state,
        '.Networks': Object.keys(container.networks).join(','),
      };
      print(
        one('--format').replace(/\{\{(?:(\.\w+)|\.Label "([^"]+)")\}\}/g, (_, field, label) =>
          field && field !== '.Label' ? fields[field] : (container.labels[label] ?? ''),
        ),
      );
    }
  },
  inspect() {
    const { one, rest } = optionsOf(args.slice(args[0] === 'container' ? 2 : 1), ['--format', '-f']);
    const found = rest.map((id) => list('containers').find((each) => each.id === id || each.name === id));
    for (const container of found.filter(Boolean)) {
      const networks = Object.fromEntries(
        Object.entries(container.networks).map(([name, NetworkID]) => [name, { NetworkID, IPAddress: '10.213.0.2' }]),
      );
      const said = { '{{.Image}}': container.image, '{{json .NetworkSettings.Networks}}': JSON.stringify(networks) };
      print(said[one('--format')] ?? '');
    }
    if (found.includes(undefined)) fail('Error: No such container');
  },
  exec: () => print('{}'),
  image: () => print('holdfast/node 0a'),
  rm: () => remove('containers', optionsOf(args.slice(1), []).rest),
  network() {
    const { all, rest } = optionsOf(args.slice(2), ['--driver', '--subnet', '--label', '--opt']);
    if (args[1] === 'ls') for (const { id } of list('networks')) print(id);
    else if (args[1] === 'rm') remove('networks', rest);
    else if (args[1] === 'inspect')
      print(
        JSON.stringify(
          list('networks')
            .filter(({ id }) => rest.includes(id))
            .map(({ id, name, labels, bridge }) => ({
              Id: id,
              Name: name,
              Labels: labels,
              Options: { 'com.docker.network.bridge.name': bridge },
              IPAM: { Config: [{ Subnet: '10.213.0.0/24' }] },
            })),
        ),
      );
    else fail(`unknown: network ${args[1]} ${all('--label')}`);
  },
  run() {
    const { all, one, rest } = optionsOf(args.slice(1), ['--name', '--entrypoint', '--label']);
    const name = one('--name');
    const [image, ...more] = rest;
    if (name === undefined) return onHost(one('--entrypoint'), more);
    if (image === 'missing') fail(`docker: Error response from daemon: No such image: ${image}.`, 125);
    try {
      closeSync(openSync(join(folder, 'names', name), 'wx'));
    } catch {
      fail(`docker: Error response from daemon: Conflict. The container name "/${name}" is already in use.`, 125);
    }
    const id = process.pid.toString(16).padStart(64, '0');
    const labels = Object.fromEntries(
      all('--label').map((each) => [each.split('=')[0], each.split('=').slice(1).join('=')]),
    );
    const container = { id, name, state: 'running', labels, networks: {}, image };
    writeFileSync(join(folder, 'containers', id), JSON.stringify(container));
    process.stdin.on('end', () => remove('containers', [id])).pipe(process.stdout);
  },
};
commands.container = commands.inspect;

/** The host's firewall has no rules of an engine. */
function onHost(name, words) {
  if (name !== 'ip') return;
  const links = readFileSync(join(folder, words.includes('master') ? 'ports' : 'links'), 'utf8');
  if (words[1] === 'delete') writeFileSync(join(folder, 'links'), links.replace(`${words[2]}\n`, ''));
  else process.stdout.write(links);
}

if (program === 'docker') {
  const command = commands[args[0]];
  if (!command) fail(`unknown: ${args.join(' ')}`);
  command();
} else onHost(program, args);
