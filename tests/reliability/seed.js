/** The seed of this run: BOMA_SEED repeats one, otherwise it is drawn. It belongs into the name of every test that uses it. */
export const seed = process.env.BOMA_SEED ?? String(Math.floor(Math.random() * 1e9));
