import DateRangePicker from "@cloudscape-design/components/date-range-picker";
import { problemOfSpan, type Span } from "./span";

const CHOICES = [
  { key: "5m", amount: 5, unit: "minute" }, { key: "30m", amount: 30, unit: "minute" }, { key: "1h", amount: 1, unit: "hour" }, { key: "3h", amount: 3, unit: "hour" },
  { key: "12h", amount: 12, unit: "hour" }, { key: "1d", amount: 1, unit: "day" }, { key: "3d", amount: 3, unit: "day" }, { key: "1w", amount: 1, unit: "week" },
] as const;

/** Chooses the span of time that a page shows. */
export function SpanPicker({ value, onChange, label = "Time range" }: { value: Span; onChange: (span: Span) => void; label?: string }) {
  return (
    <DateRangePicker
      value={value}
      ariaLabel={label}
      relativeOptions={CHOICES.map((choice) => ({ ...choice, type: "relative" as const }))}
      isValidRange={(range) => {
        const problem = range === null ? "Choose a time range." : problemOfSpan(range);
        return problem === undefined ? { valid: true } : { valid: false, errorMessage: problem };
      }}
      onChange={({ detail }) => {
        if (detail.value !== null) onChange(detail.value);
      }}
      showClearButton={false}
      hideTimeOffset
      i18nStrings={{
        relativeModeTitle: "Relative", absoluteModeTitle: "Absolute", relativeRangeSelectionHeading: "Choose a range", customRelativeRangeOptionLabel: "Custom range",
        customRelativeRangeOptionDescription: "Set a custom range in the past", customRelativeRangeDurationLabel: "Duration", customRelativeRangeUnitLabel: "Unit of time",
        startDateLabel: "Start date", startTimeLabel: "Start time", endDateLabel: "End date", endTimeLabel: "End time", cancelButtonLabel: "Cancel", applyButtonLabel: "Apply", clearButtonLabel: "Clear",
        formatRelativeRange: ({ amount, unit }) => `Last ${amount === 1 ? "" : `${amount} `}${unit}${amount === 1 ? "" : "s"}`,
        formatUnit: (unit, amount) => (amount === 1 ? unit : `${unit}s`),
      }}
    />
  );
}
