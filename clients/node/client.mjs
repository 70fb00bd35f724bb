// The first line of every client's output: its name and the version that is really installed.
import { readFileSync } from 'node:fs';

export function announce(name, packageName) {
  const { version } = JSON.parse(readFileSync(new URL(`node_modules/${packageName}/package.json`, import.meta.url), 'utf8'));
  console.log('client', name, version);
}
