/** The command `completion`: prints a script that completes commands, flags and their values in a shell. */
import { PortkeyMcpError } from "../errors/errors.ts";
import type { Flag } from "./flags.ts";

export interface Completable {
  readonly commands: Readonly<Record<string, { readonly doc: string; readonly words?: readonly string[] }>>;
  readonly flags: Readonly<Record<string, Flag>>;
  /** What the values of a flag may be, beyond what its own table says. */
  readonly values: Readonly<Record<string, readonly string[]>>;
}

const SHELLS: Readonly<Record<string, (parts: Completable) => string>> = { bash, zsh, fish };
export const SHELL_NAMES: readonly string[] = Object.keys(SHELLS);

const BIN = "portkey-admin-mcp";
/** The bin that stands for the command `http`. */
const HTTP_BIN = `${BIN}-http`;
/** For people who use npx, and so have no command of this name, the scripts define one as a function. */
const RUN = `npx -y ${BIN}`;

/** Throws CONFIG for an unknown shell. */
export function completionScript(shell: string | undefined, parts: Completable): string {
  const make = shell !== undefined && Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
  if (make === undefined) throw new PortkeyMcpError("CONFIG", `completion needs a shell: ${SHELL_NAMES.join(", ")}.`);
  return make(parts);
}

/** The lines of bash's `case` that say what may follow: a flag's values, a command's flags, a command's words. */
function bashCases({ commands, flags, values }: Completable) {
  const ofValues = Object.entries(flags).flatMap(([name, flag]) => {
    if (flag.type === "boolean") return [];
    const choices = valuesOf(name, flag, values).join(" ");
    return [`    --${name}) COMPREPLY=($(compgen -W "${choices}" -- "$cur")); return ;;`];
  });
  const ofFlags = Object.keys(commands).map((command) => {
    const names = flagsOf(command, flags).map((name) => `--${name}`);
    return `    ${command}) flags="${names.join(" ")}" ;;`;
  });
  const ofWords = Object.entries(commands).flatMap(([command, { words }]) =>
    words === undefined ? [] : [`    ${command}) words="${words.join(" ")}" ;;`],
  );
  return { values: ofValues.join("\n"), flags: ofFlags.join("\n"), words: ofWords.join("\n") };
}

function bash(parts: Completable): string {
  const commands = Object.keys(parts.commands);
  const cases = bashCases(parts);
  return `# ${BIN} completion for bash: source <(${RUN} completion bash)
type -t ${BIN} >/dev/null || ${BIN}() { ${RUN} "$@"; }
_portkey_admin_mcp() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command=stdio given= flags= words= word
  [[ $cur == = ]] && cur=
  [[ $prev == = ]] && prev=\${COMP_WORDS[COMP_CWORD-2]}
  [[ \${COMP_WORDS[0]##*/} == ${HTTP_BIN} ]] && command=http given=yes
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in ${commands.join("|")}) command=$word given=yes; break ;; esac
  done
  case $prev in
${cases.values}
  esac
  case $command in
${cases.flags}
  esac
  case $command in
${cases.words}
  esac
  [[ -z $given ]] && words="${commands.join(" ")}"
  [[ $cur == -* ]] && words=$flags
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _portkey_admin_mcp ${BIN} ${HTTP_BIN}
`;
}

/** A flag and its values, as zsh's `_arguments` expects them. */
function zshSpec(name: string, flag: Flag, values: Completable["values"]): string {
  const isSwitch = flag.type === "boolean";
  const value = isSwitch ? "" : `:${name}:(${valuesOf(name, flag, values).join(" ")})`;
  return quoted(`--${name}${isSwitch ? "" : "="}[${flag.doc.replace(/[[\]:]/g, "\\$&")}]${value}`);
}

function zsh({ commands, flags, values }: Completable): string {
  const cases = Object.entries(commands).map(([command, { words }]) => {
    const specs = flagsOf(command, flags).map((name) => zshSpec(name, flags[name] as Flag, values));
    if (words !== undefined) specs.push(quoted(`2:word:(${words.join(" ")})`));
    return `    ${command}) specs=(${specs.join(" ")}) ;;`;
  });
  const described = Object.entries(commands).map(([name, { doc }]) => quoted(`${name}:${doc.replaceAll(":", "\\:")}`));
  return `#compdef ${BIN} ${HTTP_BIN}
# ${BIN} completion for zsh: source <(${RUN} completion zsh)
whence ${BIN} >/dev/null || ${BIN}() { ${RUN} "$@"; }
_portkey_admin_mcp() {
  local command=stdio first='1: :->command' word state
  local -a specs commands=(${described.join(" ")})
  [[ \${words[1]:t} == ${HTTP_BIN} ]] && command=http first=
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case $word in ${Object.keys(commands).join("|")}) command=$word; break ;; esac
  done
  case $command in
${cases.join("\n")}
  esac
  _arguments $specs $first
  [[ $state == command ]] && _describe command commands
}
compdef _portkey_admin_mcp ${BIN} ${HTTP_BIN}
`;
}

function fish({ commands, flags, values }: Completable): string {
  const names = Object.keys(commands);
  const lines: string[] = [];
  const noCommandYet = `-n "not ${FISH_SEEN} ${names.join(" ")}"`;
  for (const [name, { doc }] of Object.entries(commands)) {
    lines.push(`complete -c ${BIN} ${noCommandYet} -a ${name} -d ${quoted(doc)}`);
  }
  for (const [name, { words }] of Object.entries(commands)) {
    if (words === undefined) continue;
    lines.push(`complete -c ${BIN} -n "${FISH_SEEN} ${name}" -a "${words.join(" ")}"`);
  }
  for (const [name, flag] of Object.entries(flags)) {
    const value = flag.type === "boolean" ? "" : ` -x -a "${valuesOf(name, flag, values).join(" ")}"`;
    const option = `-l ${name}${value} -d ${quoted(flag.doc)}`;
    lines.push(`complete -c ${BIN}${conditionOf(flag, names)} ${option}`);
    const knownToHttp = flag.commands?.includes("http") ?? true;
    if (knownToHttp) lines.push(`complete -c ${HTTP_BIN} ${option}`);
  }
  return [
    `# ${BIN} completion for fish: ${RUN} completion fish | source`,
    `if not type -q ${BIN}; function ${BIN}; ${RUN} $argv; end; end`,
    `complete -c ${BIN} -f`,
    `complete -c ${HTTP_BIN} -f`,
    ...lines,
    "",
  ].join("\n");
}

/** The fish function that tests whether a command has been typed. */
const FISH_SEEN = "__fish_seen_subcommand_from";

/** The condition under which fish offers a flag. Without a command, stdio is meant: its flags are offered too. */
function conditionOf({ commands }: Flag, all: readonly string[]): string {
  if (commands === undefined) return "";
  const otherCommands = all.filter((name) => !commands.includes(name));
  if (otherCommands.length === 0) return "";
  if (commands.includes("stdio")) return ` -n "not ${FISH_SEEN} ${otherCommands.join(" ")}"`;
  return ` -n "${FISH_SEEN} ${commands.join(" ")}"`;
}

function flagsOf(command: string, flags: Completable["flags"]): string[] {
  return Object.keys(flags).filter((name) => flags[name]?.commands?.includes(command) ?? true);
}

/** The choices of a flag's value in the table, such as "auto|always|never". A single word is no choice. */
function valuesOf(name: string, { value = "" }: Flag, values: Completable["values"]): readonly string[] {
  return values[name] ?? (value.includes("|") || name === "profile" ? value.split("|") : []);
}

/** In single quotes, for the shells' own reading. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
