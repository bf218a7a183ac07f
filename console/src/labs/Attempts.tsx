import { BarePage } from "../components/Page";
import { PageLink } from "../components/PageLink";
import { ResourceTable } from "../components/ResourceTable";
import { when } from "../components/time";
import { useAttempts } from "./api";

export default function Attempts() {
  const attempts = useAttempts();
  return (
    <BarePage crumbs={[{ text: "Labs", href: "/labs" }, { text: "Attempts", href: "/labs/attempts" }]}>
      <ResourceTable
        title="Attempts" variant="full-page" items={attempts.data} loading={attempts.isLoading} error={attempts.error} id={({ account }) => account} empty="Nobody has started a lab."
        columns={[
          { id: "student", header: "Student", cell: ({ student, account }) => <PageLink href={`/labs/attempts/${account}`}>{student}</PageLink>, value: ({ student }) => student },
          { id: "lab", header: "Lab", cell: ({ title }) => title, value: ({ title }) => title },
          { id: "class", header: "Class", cell: (attempt) => attempt.class ?? "–", value: (attempt) => attempt.class ?? "" },
          { id: "account", header: "Account", cell: ({ account }) => account, value: ({ account }) => account },
          { id: "state", header: "State", cell: ({ state }) => state, value: ({ state }) => state },
          { id: "submissions", header: "Submissions", cell: ({ submissions }) => submissions, value: ({ submissions }) => submissions },
          { id: "best", header: "Best", cell: ({ best, of }) => (best === null ? "–" : `${best} of ${of}`), value: ({ best }) => best ?? -1 },
          { id: "last", header: "Last submission", cell: ({ lastAt }) => when(lastAt ?? undefined), value: ({ lastAt }) => lastAt ?? "" },
        ]}
      />
    </BarePage>
  );
}
