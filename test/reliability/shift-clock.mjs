// Preloaded (`node --import`): the wall clock is set back by an hour once the file $SHIFT_WHEN is there. Only the
// clock that Node's own code reads; the kernel's is left alone.
import { existsSync } from 'node:fs';

const Real = Date;
const shift = () => (existsSync(process.env.SHIFT_WHEN ?? '') ? -3_600_000 : 0);
globalThis.Date = class extends Real {
  constructor(...values) {
    if (values.length === 0) super(Real.now() + shift());
    else super(...values);
  }
  static now() {
    return Real.now() + shift();
  }
};
