import { delimiter, isAbsolute, sep } from 'node:path';

/**
 * The variables that another program may need: paths, the engine, the proxy, and how to print. No tokens, and nothing
 * that changes what a program does, such as NODE_OPTIONS, GOFLAGS, GODEBUG, LD_PRELOAD, BASH_ENV or TAR_OPTIONS.
 */
const passed = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TMPDIR',
  'TZ',
  'LANG',
  'LANGUAGE',
  'TERM',
  'COLUMNS',
  'NO_COLOR',
  'FORCE_COLOR',
  'CI',
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'DOCKER_CONFIG',
  'DOCKER_CERT_PATH',
  'DOCKER_TLS_VERIFY',
  'DOCKER_API_VERSION',
  'SSH_AUTH_SOCK',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'all_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
  'NODE_COMPILE_CACHE',
  'NODE_DEBUG',
  'GOROOT',
  'GOPATH',
  'GOBIN',
  'GOCACHE',
  'GOMODCACHE',
  'GOTMPDIR',
  'GOENV',
  'GOPROXY',
  'GONOPROXY',
  'GOPRIVATE',
  'GOSUMDB',
  'GONOSUMDB',
  'GOTOOLCHAIN',
  'GOMAXPROCS',
  'APT_CONFIG',
]);

/**
 * The absolute folders of a PATH, except those in `node_modules`. npm and npx put such folders first, and a package could
 * bring its own `docker`, which would run as root.
 */
export const programPath = (path: string = process.env.PATH ?? ''): string =>
  path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && !folder.split(sep).includes('node_modules'))
    .join(delimiter);

/** Such as `LC_ALL`, `XDG_CACHE_HOME` and our own `HOLDFAST_RUNS`. */
const passedPrefixes = ['LC_', 'XDG_', 'HOLDFAST_'];

const isPassed = (name: string): boolean =>
  passed.has(name) || passedPrefixes.some((prefix) => name.startsWith(prefix));

/**
 * The environment for a program that we start: an allow-list of our own environment, so that it gets no secret of the
 * user. Programs are found by its PATH, see `programPath`.
 */
export const childEnvironment = (own: NodeJS.ProcessEnv = process.env): { [name: string]: string } =>
  Object.fromEntries(
    Object.entries(own)
      .filter((entry): entry is [string, string] => entry[1] !== undefined && isPassed(entry[0]))
      .map(([name, value]) => [name, name === 'PATH' ? programPath(value) : value]),
  );
