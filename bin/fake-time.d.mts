export const fakeTimePackage: string;
export function findFakeTime(): string | undefined;
