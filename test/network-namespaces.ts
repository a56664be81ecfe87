/** Networks of a test's own, which only some machines can have. */
import { execFileSync } from "node:child_process";

/** Why this machine can have no network namespaces; undefined where it can. */
export function whyNoNamespaces(): string | undefined {
  if (process.getuid?.() !== 0) return "network namespaces need root";
  try {
    for (const what of ["add", "del"]) execFileSync("ip", ["netns", what, `probe${process.pid}`], { stdio: "ignore" });
    return undefined;
  } catch {
    return "this machine allows no network namespaces";
  }
}
