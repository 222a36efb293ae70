// Loaded before a program of ours: when the one that started it was killed, it stops in order by itself.
if (process.channel) {
  process.channel.unref();
  process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
}
