// What the programs have around them that are steps of deploy.sh: an error is a sentence, and a status.
import { Complaint } from './complaint.js';

export async function endWithSentence(work) {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof Complaint ? error.message : error.stack);
    process.exitCode = 1;
  }
}
