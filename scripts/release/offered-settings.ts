/** The settings that an installer asks a person for; the others have suitable defaults. */
import { SETTINGS } from "../../src/config/settings.ts";

type Name = keyof typeof SETTINGS;

/** Settings by name, with a form's label. */
const LABELS: Partial<Readonly<Record<Name, string>>> = {
  PORTKEY_API_KEY: "Portkey API key",
  PORTKEY_ADMIN_API_KEY: "Portkey admin API key",
  PORTKEY_BASE_URL: "Address of Portkey's API",
  PORTKEY_READ_ONLY: "Read only",
  PORTKEY_TOOL_DOMAINS: "Domains",
  PORTKEY_PROFILE: "Profile",
  PORTKEY_DISCOVER: "Discover mode",
};

export interface OfferedSetting {
  readonly name: string;
  /** The name in a form's data: letters, digits and underscores. */
  readonly key: string;
  readonly label: string;
  readonly doc: string;
  readonly kind: "boolean" | "choice" | "text";
  readonly choices: readonly string[];
  /** As the environment would hold it; undefined where there is none. */
  readonly fallback?: string;
  readonly secret: boolean;
  readonly required: boolean;
}

export const OFFERED: readonly OfferedSetting[] = (Object.entries(LABELS) as [Name, string][]).map(([name, label]) => {
  const { kind, fallback, doc } = SETTINGS[name];
  const isSwitch = typeof fallback === "boolean";
  const choices = name === "PORTKEY_PROFILE" ? kind.label.split(", ") : [];
  const textKind = choices.length > 0 ? "choice" : "text";
  return {
    name,
    key: name.replace(/^PORTKEY_/, "").toLowerCase(),
    label,
    doc: `${doc}.`,
    kind: isSwitch ? "boolean" : textKind,
    choices,
    ...(fallback !== null && { fallback: String(fallback) }),
    secret: "secret" in kind && kind.secret === true,
    // An admin key alone serves as well, but a form can only ask for one of them.
    required: name === "PORTKEY_API_KEY",
  };
});
