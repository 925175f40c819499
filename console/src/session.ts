// Who is signed in, and the token that says so to the database and to the function `operator`.

import type { Role } from './config.js';

export interface Session {
  email: string;
  role: Role;
  /** When the person showed who they are. Decisions of the second person want this to be recent. */
  signedInAt: Date;
  /** A token that is valid now. */
  token(): Promise<string>;
  signOut(): Promise<void>;
}

const MAY_ACT: readonly Role[] = ['operator', 'supervisor'];
const MAY_SEE_CUSTOMERS: readonly Role[] = ['auditor', 'operator', 'supervisor'];

export const mayAct = (role: Role) => MAY_ACT.includes(role);
export const maySeeCustomers = (role: Role) => MAY_SEE_CUSTOMERS.includes(role);
