import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startApp } from "./start-app.ts";

let dir: string;
let tls: { key: string; cert: string; ca: null };
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "tls-"));
  const [key, cert] = [join(dir, "key.pem"), join(dir, "cert.pem")];
  execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-keyout",
      key,
      "-out",
      cert,
      "-days",
      "1",
      "-subj",
      "/CN=localhost",
      "-addext",
      "subjectAltName=DNS:localhost",
    ],
    { stdio: "ignore" },
  );
  tls = { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8"), ca: null };
});
afterAll(() => rmSync(dir, { recursive: true }));

describe("with a key and a certificate", () => {
  it("speaks HTTPS alone, and asks browsers to remember that", async () => {
    const server = await startApp({ tls });
    expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:/);
    const answer = await new Promise<{ status: number | undefined; hsts: unknown; body: string }>((resolve, reject) => {
      request({ host: "localhost", port: server.port, path: "/health", ca: tls.cert }, (response) => {
        let body = "";
        response.on("data", (chunk) => {
          body += chunk;
        });
        response.on("end", () =>
          resolve({ status: response.statusCode, hsts: response.headers["strict-transport-security"], body }),
        );
      })
        .on("error", reject)
        .end();
    });
    expect(answer).toEqual({ status: 200, hsts: "max-age=31536000", body: '{"status":"ok"}' });
    await expect(fetch(`http://localhost:${server.port}/health`)).rejects.toThrow();
    await server.stop();
  });

  it("without them says nothing of it", async () => {
    const server = await startApp();
    expect((await fetch(`${server.url}/health`)).headers.get("strict-transport-security")).toBeNull();
    await server.stop();
  });
});
