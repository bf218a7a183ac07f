import { Page } from "../../components/Page";
import { BackupList } from "./table/Backups";

export default function AllBackups() {
  return (
    <Page title="Backups" crumbs={[{ text: "DynamoDB", href: "/dynamodb" }, { text: "Backups", href: "/dynamodb/backups" }]} description="On-demand backups of all tables. They are made on their table's page.">
      <BackupList />
    </Page>
  );
}
