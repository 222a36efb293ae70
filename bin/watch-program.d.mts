/** Code with which a program ends that cannot start as it is set up: starting it again would not help. */
export const setupExitCode: number;
export function watchProgram(program: string, args: readonly string[]): void;
