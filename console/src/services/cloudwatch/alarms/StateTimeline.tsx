// The states of an alarm over time, as a bar below its graph.
import Box from "@cloudscape-design/components/box";
import { colorBackgroundNotificationGreen, colorBackgroundNotificationGrey, colorBackgroundNotificationRed, colorTextNotificationDefault } from "@cloudscape-design/design-tokens";
import { ReadFailed } from "../../../components/ReadFailed";
import { boundsOf, type Span } from "../../../components/metrics/span";
import { when } from "../../../components/time";
import { type AlarmView, stateText, stretchesOf } from "./alarm";
import { useHistory } from "./read";

const COLORS: Readonly<Record<string, string>> = { ALARM: colorBackgroundNotificationRed, OK: colorBackgroundNotificationGreen, INSUFFICIENT_DATA: colorBackgroundNotificationGrey };

/** Narrower than this part of the bar, a state's name would not fit. */
const NAMED = 0.12;

export function StateTimeline({ of, span }: { of: AlarmView; span: Span }) {
  const history = useHistory(of.name);
  if (history.error !== null) return <ReadFailed error={history.error} what="history" />;
  const { from, to } = boundsOf(span, Date.now());
  const stretches = stretchesOf(history.data ?? [], of.state, from, to);
  return (
    <div>
      <Box variant="awsui-key-label">State over time</Box>
      <ol aria-label="State over time" style={{ display: "flex", listStyle: "none", margin: 0, padding: 0, blockSize: 20, gap: 1 }}>
        {stretches.map((stretch, at) => {
          const part = (stretch.to - stretch.from) / (to - from);
          // Before the alarm was created, the bar is empty.
          const before = at === 0 ? (stretch.from - from) / (to - from) : 0;
          const text = `${stateText(stretch.state)}: ${when(stretch.from)} – ${when(stretch.to)}`;
          return (
            <li
              key={stretch.from} title={text} aria-label={text}
              style={{ flexBasis: `${part * 100}%`, marginInlineStart: `${before * 100}%`, minInlineSize: 3, background: COLORS[stretch.state], color: colorTextNotificationDefault, overflow: "hidden", fontSize: 12, lineHeight: "20px", paddingInline: part > NAMED ? 6 : 0 }}
            >
              {part > NAMED ? stateText(stretch.state) : ""}
            </li>
          );
        })}
      </ol>
    </div>
  );
}
