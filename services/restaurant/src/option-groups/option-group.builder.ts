// Option groups with defaults, so a test states only the fields that matter.
import type { Option, OptionGroup } from "@food/shared/contracts/option-groups";

export const anOption = (optionId: string, overrides: Partial<Option> = {}): Option => ({
  ...{ optionId, name: optionId.toUpperCase(), priceCents: 100, available: true, maxQuantity: 1 },
  ...overrides,
});

export const aGroup = (
  optionGroupId: string,
  [minSelections, maxSelections]: [number, number],
  ...options: Option[]
): OptionGroup => ({
  ...{ optionGroupId, name: `Group ${optionGroupId}`, minSelections, maxSelections },
  options,
});

export const offer = (optionGroupId: string, minSelections?: number, maxSelections?: number) => ({
  optionGroupId,
  ...(minSelections !== undefined && { minSelections }),
  ...(maxSelections !== undefined && { maxSelections }),
});
