// The memory that a service's container needs, from the figures of docs/operate/grow.md: the process under load, and each event
// stream while all of them open at once. The streams of restaurants and couriers are not measured, so there is room.
const LOADED_MEBIBYTES = 130;
const STREAM_KIBIBYTES = 40;

export const mebibytesFor = (streams: number): number =>
  LOADED_MEBIBYTES + (streams * STREAM_KIBIBYTES) / 1024;
