#!/usr/bin/env node
// What `npx holdfast` runs in a package. A checkout is run by its own ./holdfast.
const oldest = [22, 19];
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  process.stderr.write(`holdfast: it needs Node ${oldest.join('.')} or later, and this is ${process.versions.node}\n`);
  process.exit(4);
}
await import('../dist/harness/cli/main.js');
