import Select from "@cloudscape-design/components/select";
import { PERIODS, periodText, STATS } from "../../../components/metrics/metric";

/** A statistic; one that is not in the list (`p99.9`) stays choosable. */
export function StatChoice({ label, value, onChange }: { label: string; value: string; onChange: (stat: string) => void }) {
  const known = STATS.find((stat) => stat.value === value);
  return (
    <Select
      ariaLabel={label} selectedOption={known ?? { value, label: value }} options={known === undefined ? [...STATS, { value, label: value }] : STATS} expandToViewport
      onChange={({ detail }) => onChange(detail.selectedOption.value ?? "Average")}
    />
  );
}

export function PeriodChoice({ label, value, onChange }: { label: string; value: number; onChange: (seconds: number) => void }) {
  const own = { value: String(value), label: periodText(value) };
  const options = PERIODS.map((period) => ({ value: String(period.value), label: period.label }));
  return (
    <Select
      ariaLabel={label} selectedOption={own} options={options.some((option) => option.value === own.value) ? options : [own, ...options]} expandToViewport
      onChange={({ detail }) => onChange(Number(detail.selectedOption.value))}
    />
  );
}
