// How much memory a service's container needs, from what docs/operate.md has measured: the process under load, and each
// event stream at its dearest, when all are opened at once, with room for those that have not been measured: of kitchens
// and couriers.
const LOADED_MEBIBYTES = 130;
const STREAM_KIBIBYTES = 40;

export const mebibytesFor = (streams: number): number =>
  LOADED_MEBIBYTES + (streams * STREAM_KIBIBYTES) / 1024;
