/** Thrown where a job cannot go on now but can later. */
export class ComeAgain extends Error {}
