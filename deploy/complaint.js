/** One sentence for the person at the terminal, who can do something about it. Any other error is a mistake of ours. */
export class Complaint extends Error {}
