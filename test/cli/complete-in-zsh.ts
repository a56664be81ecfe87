/** What a real zsh offers where somebody types a line and presses Tab. It completes at a terminal only: it gets one. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What stands between marks is what was offered; the rest is the terminal's echo. */
const MARK = "\u0001";

/** In the inner shell each offer is written, one a line, instead of shown; `-O`, `-A` and `-D` only ask. */
const INNER = `
PROMPT=
autoload -Uz compinit && compinit -D -u
bindkey '^I' complete-word
compadd() {
  if [[ \${@[1,(i)(-|--)]} == *-[OAD]\\ * ]]; then builtin compadd "$@"; return; fi
  local -a offers
  builtin compadd -A offers "$@"
  print -rl -- $offers
  builtin compadd "$@"
}
mark() { print -rn -- $'\\x01' }
compprefuncs=(mark)
comppostfuncs=(mark exit)
`;

const OUTER = `
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "source $1"
zpty -w -n shell "$2"$'\\t'
while zpty -r shell; do :; done
`;

/** What follows of `line` with `script` read, sorted; a description and what is already typed is left out. */
export function completeInZsh(script: string, line: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "zsh-"));
  const [inner, outer] = [join(folder, "inner"), join(folder, "outer")];
  writeFileSync(inner, `${INNER}\n${script}`);
  writeFileSync(outer, OUTER);
  const env = { PATH: process.env["PATH"], HOME: folder, TERM: "dumb" };
  const written = execFileSync("zsh", ["-f", outer, inner, line], { encoding: "utf8", env, timeout: 20_000 });
  rmSync(folder, { recursive: true });
  const offered = written.split(MARK)[1] ?? "";
  return [...new Set(offered.split(/\r?\n/).filter((offer) => offer !== ""))].sort();
}
