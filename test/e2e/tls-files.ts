/** Keys and certificates in files of a folder of their own, made with openssl. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TlsFiles {
  readonly folder: string;
  readonly key: string;
  readonly cert: string;
  remove(): void;
}

/** A self-signed certificate for these names, valid for one day unless `days` says otherwise. */
export function makeTlsFiles(names: readonly string[], days = 1): TlsFiles {
  const folder = mkdtempSync(join(tmpdir(), "tls-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const alternatives = names.map((name) => `${/^[\d.]+$/.test(name) ? "IP" : "DNS"}:${name}`).join(",");
  const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert];
  const about = ["-days", String(days), "-subj", `/CN=${names[0]}`, "-addext", `subjectAltName=${alternatives}`];
  execFileSync("openssl", ["req", "-x509", ...made, ...about], { stdio: "ignore" });
  return { folder, key, cert, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A certificate that another one has issued. */
export function signedBy(issuer: TlsFiles, names: readonly string[]): TlsFiles {
  const made = makeTlsFiles(names, 30);
  const request = join(made.folder, "request.pem");
  const openssl = (...args: readonly string[]) => execFileSync("openssl", args, { stdio: "ignore" });
  openssl("x509", "-x509toreq", "-in", made.cert, "-signkey", made.key, "-out", request);
  const ca = ["-CA", issuer.cert, "-CAkey", issuer.key, "-CAcreateserial"];
  openssl("x509", "-req", "-in", request, ...ca, "-days", "30", "-out", made.cert);
  return made;
}
