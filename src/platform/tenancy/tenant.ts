/** A company with an agreement with the host. Its secrets stay in the registry. */
export type Tenant = {
  id: string;
  /** Short name in commands and addresses, for example `maven`. */
  key: string;
  name: string;
  /** The one host name, lower case and without port, at which the tenant is reached. */
  host: string;
  databaseName: string;
  roleName: string;
  state: "active" | "suspended";
  schemaVersion: number;
  /** ISO 8601, in UTC. */
  createdAt: string;
};

/** Expected refusals of tenant management; the message is a sentence for the operator. */
export class TenancyError extends Error {
  override readonly name = "TenancyError";
  readonly code: "bad_key" | "bad_name" | "taken" | "unknown_tenant";
  constructor(code: TenancyError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

export function checkKey(key: string): void {
  if (key.length > 40 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(key)) {
    throw new TenancyError(
      "bad_key",
      `"${key.slice(0, 60)}" cannot be a tenant's key: use 1 to 40 lower-case letters, digits and single hyphens, a letter first.`,
    );
  }
}

export function checkName(name: string): void {
  if (name.trim() !== name || name.length < 1 || name.length > 200 || /\p{Cc}/u.test(name)) {
    throw new TenancyError("bad_name", "A tenant's name has 1 to 200 characters, without space at its ends.");
  }
}
