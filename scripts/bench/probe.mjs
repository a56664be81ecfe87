/** Preloaded into a measured process: answers each message with its memory, after a collection, and its CPU time. */
process.on("message", () => {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  process.send({ liveBytes: heapUsed + external, rssBytes: rss, cpuMs: (user + system) / 1000 });
});
process.channel.unref();
