import { html } from "htm/preact";

export interface FieldProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  type?: string;
  required?: boolean;
  minlength?: number;
  maxlength?: number;
  pattern?: string;
  inputmode?: string;
  autocomplete?: string;
  hint?: string;
}

/** A labelled input. */
export function Field({ label, value, onInput, hint, ...input }: FieldProps) {
  return html`<label class="field">
    <span>${label}</span>
    <input ...${input} value=${value} onInput=${(event: Event) => onInput((event.target as HTMLInputElement).value)} />
    ${hint && html`<small>${hint}</small>`}
  </label>`;
}
