/** A thread that ends its process when the engine no longer listens: see orphan.ts. */
import { connect } from "node:net";
import { workerData } from "node:worker_threads";

const everyMs = 2000;
let refused = 0;

setInterval(() => {
  const socket = connect(workerData);
  socket.on("connect", () => {
    refused = 0;
    socket.destroy();
  });
  socket.on("error", () => {
    refused += 1;
    if (refused > 1) process.kill(process.pid, "SIGKILL");
  });
}, everyMs);
