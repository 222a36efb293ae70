// Loaded before a program of ours: when the one that started it was killed, it stops in order by itself.
if (process.channel) {
  process.channel.unref();
  const end = () => process.kill(process.pid, "SIGTERM");
  if (process.connected) process.on("disconnect", end);
  else end();
}
