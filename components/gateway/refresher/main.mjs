import { run } from "./refresh.mjs";

process.on("SIGTERM", () => process.exit(0));
try {
  await run(process.env);
} catch (error) {
  console.error(JSON.stringify({ level: "fatal", message: String(error.message ?? error) }));
  process.exit(1);
}
