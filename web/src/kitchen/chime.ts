/** A short sound, made without a file. Browsers allow it after the first touch of the page. */
let context: AudioContext | undefined;

export function chime(kind: "new" | "late") {
  context ??= new AudioContext();
  const { currentTime, destination } = context;
  const notes = kind === "new" ? [660, 880] : [440, 440, 440];
  for (const [index, frequency] of notes.entries()) {
    const at = currentTime + index * 0.18;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.25, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.16);
    tone.connect(volume).connect(destination);
    tone.start(at);
    tone.stop(at + 0.17);
  }
}
