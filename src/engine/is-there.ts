import { constants } from "node:fs";
import { access } from "node:fs/promises";

/** Whether something is at the path and we may use it so (`mode`: constants of access(2)). */
export const isThere = (path: string, mode = constants.F_OK): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  );
