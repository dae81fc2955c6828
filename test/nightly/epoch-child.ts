/** Reads all mails of an epoch and prints how many, the seconds of CPU it took, and the peak in MB. */
import { readArchive } from '../../server/cli/mails.js';
import { seriesIn, threadsOf } from '../../server/review/index.js';

async function main(): Promise<void> {
  const { letters } = await readArchive([process.argv[2] ?? '']);
  seriesIn(letters, threadsOf(letters));
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const seconds = (userCPUTime + systemCPUTime) / 1e6;
  process.stdout.write(`${letters.length} ${seconds} ${Math.round(maxRSS / 1024)}`);
}

void main();
