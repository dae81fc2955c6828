import { decodeMail, type DecodedMail } from '../mail/decoded.js';
import { putBackLines } from './lost-lines.js';

/**
 * A mail or mbox as it was written: encoded texts decoded, lost line ends put back where only one way fits.
 * Undefined when it stands as it was written.
 * @param isBytes the text has one character for each byte of the file, because that is no UTF-8.
 */
export function writtenMail(text: string, uri: string, isBytes = false): DecodedMail | undefined {
  return decodeMail(text, uri, isBytes) ?? putBackLines(text, uri);
}
