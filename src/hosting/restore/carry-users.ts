/** A user as one database has him. The same number and time of making are the same person. */
export type UserThere = {
  id: number;
  createdAt: string;
  level: number;
  active: boolean;
  blockedAt: string | null;
  /** All that says whether and how he may sign in, by column. */
  signIn: Readonly<Record<string, unknown>>;
};

/** Who of the users is not as he was then, by number; `gone` were added since and are not there. */
export type CarriedUsers = {
  closed: number[];
  blocked: number[];
  lowered: number[];
  /** Left as they were then: without them nobody would hold all rights. */
  left: number[];
  gone: number;
};

const allRights = 99;

/**
 * Who may sign in after a restore is who may today: passwords, closings and blocks of since stay, and nobody gets a
 * level back that was taken from him. Only what would leave nobody with all rights does not.
 */
export function carryUsers(
  now: readonly UserThere[],
  then: readonly UserThere[],
): { users: UserThere[]; carried: CarriedUsers } {
  const key = ({ id, createdAt }: UserThere) => `${id} ${createdAt}`;
  const today = new Map(now.map((user) => [key(user), user]));
  const merged = then.map((user) => ({ user, one: merge(user, today.get(key(user))) }));
  const holds = ({ level, active }: UserThere) => active && level === allRights;
  const keepsOne = merged.some(({ one }) => holds(one));
  const users = merged.map(({ user, one }) =>
    keepsOne || !holds(user) ? one : { ...one, level: allRights, active: true },
  );
  const known = new Set(then.map(key));
  const changed = (is: (one: UserThere, user: UserThere) => boolean) =>
    users.flatMap((one, at) => (is(one, then[at]!) ? [one.id] : []));
  const carried = {
    closed: changed((one, user) => user.active && !one.active),
    blocked: changed((one, user) => user.blockedAt === null && one.blockedAt !== null),
    lowered: changed((one, user) => one.level < user.level),
    left: keepsOne ? [] : changed((_one, user) => holds(user)),
    gone: now.filter((user) => user.active && !known.has(key(user))).length,
  };
  return { users, carried };
}

const merge = (then: UserThere, now: UserThere | undefined): UserThere =>
  now === undefined ? then : { ...now, level: Math.min(now.level, then.level) };
