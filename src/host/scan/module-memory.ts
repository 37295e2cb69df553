const PAGE = 4096;
/** Who asks for a module’s memory, as kernels up to 6.3 write it; later ones take several areas for each. */
const LOADER = /\b(load_module|move_module|layout_and_allocate)\+/;

/**
 * Areas of memory that were taken to load a module, and belong to none that is listed: `START-END SIZE CALLER …` of
 * /proc/vmallocinfo against the sizes of /proc/modules, each of which has one page beside it that guards it. Addresses are
 * not needed, which most kernels hide. null: not every listed module has its own area, so nothing can be said of the rest.
 */
export function unclaimedModuleMemory(vmallocinfo: string, modules: string): number[] | null {
  const areas = vmallocinfo.split('\n').flatMap((line) => {
    const size = LOADER.test(line) ? /^\S+\s+(\d+)\s/.exec(line)?.[1] : undefined;
    return size === undefined ? [] : [Number(size)];
  });
  for (const line of modules.split('\n')) {
    const size = /^\S+ (\d+) /.exec(line)?.[1];
    if (size === undefined) continue;
    const at = areas.indexOf(Math.ceil(Number(size) / PAGE) * PAGE + PAGE);
    if (at < 0) return null;
    areas.splice(at, 1);
  }
  return areas;
}
