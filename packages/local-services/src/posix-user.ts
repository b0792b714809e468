/** A user to run a program as. */
export interface PosixUser {
  uid: number;
  gid: number;
}
