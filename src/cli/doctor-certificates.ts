/** Checks the certificate authorities that Node should trust, since Node itself reports little about a bad file. */
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Source } from "../config/read-settings.ts";
import type { Finding } from "./doctor-findings.ts";

const PEM = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/** Findings about the variables that Node itself reads. */
export function certificateFindings({
  NODE_EXTRA_CA_CERTS: path,
  NODE_TLS_REJECT_UNAUTHORIZED: check,
}: Source["env"]): Finding[] {
  const findings: Finding[] = [];
  if (path) findings.push(authorities(path));
  if (check === "0")
    findings.push({
      level: "wrong",
      text: "NODE_TLS_REJECT_UNAUTHORIZED is 0: no certificate is checked, and anybody in between reads the keys.",
      todo: "Remove it, and name your authorities in NODE_EXTRA_CA_CERTS.",
    });
  return findings;
}

function authorities(path: string): Finding {
  const fault = faultOf(path);
  if (typeof fault === "number") {
    const count = `${fault} ${fault === 1 ? "authority" : "authorities"}`;
    return { level: "ok", text: `NODE_EXTRA_CA_CERTS adds ${count}.` };
  }
  return {
    level: "wrong",
    text: `NODE_EXTRA_CA_CERTS: ${fault}. Node goes on without it.`,
    todo: "Name a readable PEM file with the authorities' certificates.",
  };
}

/** What is wrong with the file; where nothing is, how many certificates it holds. */
function faultOf(path: string): string | number {
  try {
    const certificates = readFileSync(path, "utf8").match(PEM) ?? [];
    if (certificates.length === 0) return `"${path}" holds no certificate in PEM`;
    for (const certificate of certificates) new X509Certificate(certificate);
    return certificates.length;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    return code.startsWith("ERR_")
      ? `"${path}" holds a certificate that cannot be read`
      : `cannot read "${path}" (${code})`;
  }
}
