import Button from "@cloudscape-design/components/button";
import { useParams } from "react-router";
import { download } from "../components/download";
import { BarePage } from "../components/Page";
import { PageLink } from "../components/PageLink";
import { ResourceTable } from "../components/ResourceTable";
import { bytes, when } from "../components/time";
import { type ClassLimits, type Usage, useClass } from "./api";

/** A class's results. */
export default function Class() {
  const { lab = "", name = "" } = useParams();
  const results = useClass(lab, name);
  const of = results.data?.of ?? 0;
  const points = (value: number | null) => (value === null ? "–" : `${value} of ${of}`);
  return (
    <BarePage crumbs={[{ text: "Labs", href: "/labs" }, { text: "Classes", href: "/labs/classes" }, { text: name, href: `/labs/classes/${lab}/${name}` }]}>
      <ResourceTable
        title={`Class ${name}`} description={results.data && limits(results.data.limits)} variant="full-page" items={results.data?.students} loading={results.isLoading} error={results.error} id={({ account }) => account} perPage={100}
        columns={[
          { id: "student", header: "Student", cell: ({ student, account }) => <PageLink href={`/labs/attempts/${account}`}>{student}</PageLink>, value: ({ student }) => student },
          { id: "name", header: "Name", cell: (student) => student.name, value: (student) => student.name },
          { id: "submissions", header: "Submissions", cell: ({ submissions }) => submissions, value: ({ submissions }) => submissions },
          { id: "best", header: "Best", cell: ({ best }) => points(best), value: ({ best }) => best ?? -1 },
          { id: "last", header: "Last", cell: ({ last }) => points(last), value: ({ last }) => last ?? -1 },
          { id: "requests", header: "Requests", cell: ({ usage }) => requests(usage), value: ({ usage }) => usage?.requests ?? -1 },
          { id: "stored", header: "Stored", cell: ({ usage }) => bytes(usage?.storageBytes), value: ({ usage }) => usage?.storageBytes ?? -1 },
          { id: "running", header: "Functions running", cell: ({ usage }) => usage?.running ?? "–", value: ({ usage }) => usage?.running ?? -1 },
          { id: "at", header: "Last submission", cell: ({ lastAt }) => when(lastAt ?? undefined), value: ({ lastAt }) => lastAt ?? "" },
        ]}
        actions={() => <Button disabled={results.data === undefined} onClick={() => download(`${name}-results.csv`, results.data?.csv ?? "", "text/csv")}>Download results (CSV)</Button>}
      />
    </BarePage>
  );
}

function requests(usage: Usage | null): string {
  if (usage === null) return "–";
  return usage.throttled === 0 ? String(usage.requests) : `${usage.requests} (${usage.throttled} throttled)`;
}

/** What each of the class may use, in a sentence. */
export function limits({ requestsPerSecond, storageBytes, concurrency, resetsPerDay }: ClassLimits): string {
  const said = [
    requestsPerSecond !== null && `${requestsPerSecond} requests a second`,
    storageBytes !== null && `${bytes(storageBytes)} stored`,
    concurrency !== null && `${concurrency} functions running`,
    resetsPerDay !== null && `${resetsPerDay} resets in 24 hours`,
  ].filter((limit) => limit !== false);
  return said.length === 0 ? "Its accounts have no limits." : `Each account may have ${said.join(", ")}.`;
}
