export const ownServerPackages: readonly string[];
export function hasPgBackRest(): boolean;
