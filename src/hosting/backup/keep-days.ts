const keepDaysLeast = 14;

export function keepDaysFrom(environment: NodeJS.ProcessEnv): number {
  const wanted = Number(environment.STRONGROOM_BACKUP_DAYS ?? keepDaysLeast);
  // The papers promise fourteen days: a host may keep more, not fewer.
  return Number.isInteger(wanted) && wanted > keepDaysLeast ? wanted : keepDaysLeast;
}
