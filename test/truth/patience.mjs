// @ts-check
/** How much slower than a usual machine this one is: waits grow by it. An emulated machine says so by TELLTALE_PATIENCE. */
const told = Number(process.env.TELLTALE_PATIENCE);

export const patience = told >= 1 ? told : 1;
