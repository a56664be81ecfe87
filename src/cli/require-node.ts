/**
 * Reports a Node that is too old, before code is loaded that it cannot parse. So this file imports nothing, and uses no
 * syntax that is newer than ES modules.
 */

/** The least version, the same as `engines` in package.json; a test compares them. */
export const LEAST_NODE = [20, 19];

/** Whether `version`, such as 18.20.1, is new enough. */
export function isNodeNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [leastMajor = 0, leastMinor = 0] = LEAST_NODE;
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

if (!isNodeNewEnough(process.versions.node)) {
  const least = LEAST_NODE.join(".");
  process.stderr.write(
    `portkey-admin-mcp: Node ${process.versions.node} is too old. Install Node ${least} or newer.\n`,
  );
  process.exit(2);
}
