/** Entry of `dist/server.js`. */
import { startServer } from './start.js';

startServer().catch((error: unknown) => {
  process.stderr.write(
    `racelore: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
});
