/** A file system that is really full: a small one in memory, mounted for the test. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openAudit } from "../../../src/http/audit/audit.ts";
import { verifyFiles } from "../../../src/http/audit/verify-chain.ts";
import { EVENT } from "./event.ts";

function whyNot(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "only root can mount one";
  const folder = mkdtempSync(join(tmpdir(), "mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], { stdio: "pipe" });
    execFileSync("umount", [folder]);
    return undefined;
  } catch {
    return "no file system can be mounted here";
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const why = whyNot();

describe.skipIf(why !== undefined)(`a full disk${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  let disk: string;
  beforeEach(() => {
    disk = mkdtempSync(join(tmpdir(), "disk-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk]);
  });
  afterEach(() => {
    execFileSync("umount", ["-l", disk]);
    rmSync(disk, { recursive: true });
  });

  /** Leaves some bytes of room. */
  function fill(room: number): void {
    writeFileSync(join(disk, "ballast"), "x".repeat(64 * 1024 - 4096 - room));
  }

  test.each(["drop", "refuse"] as const)(
    "%s: no call fails, losses are counted, and when there is room the chain goes on and says what was lost",
    async (overflow) => {
      fill(4_096);
      const file = join(disk, "audit.log");
      const warnings: string[] = [];
      const audit = openAudit(file, { overflow, chain: null, warn: (message) => warnings.push(message) });
      for (let n = 0; n < 6_000; n += 1) audit.record(EVENT);
      const lost = audit.lost();
      expect(lost).toBeGreaterThan(1_000);
      expect(audit.blockedBy()).toBe(overflow === "refuse" ? file : undefined);
      expect(warnings.filter((line) => line.includes("could not be written"))).toHaveLength(1);
      expect(warnings.filter((line) => line.includes("lines are lost"))).toHaveLength(1);

      execFileSync("mount", ["-o", "remount,size=8m", disk]);
      truncateSync(join(disk, "ballast"), 0);
      audit.record({ ...EVENT, tool: "after" });
      expect(audit.blockedBy()).toBe(undefined);
      await audit.close();

      const { broken, lines } = await verifyFiles([file], null);
      expect([broken, lines]).toEqual([undefined, 1 + (6_000 - lost) + 2]);
      const written = readFileSync(file, "utf8").trimEnd().split("\n");
      expect(JSON.parse(written.at(-2) ?? "{}")).toMatchObject({ audit: "lines_lost", lost });
      expect(JSON.parse(written.at(-1) ?? "{}")).toMatchObject({ tool: "after" });
    },
  );
});
