import { useParams } from "react-router";
import { Page } from "../../components/Page";
import { PageTabs } from "../../components/PageTabs";
import { Management } from "./management/Management";
import { Objects } from "./objects/Objects";
import { Permissions } from "./permissions/Permissions";
import { Properties } from "./properties/Properties";
import { crumbsOf } from "./read";

export default function Bucket() {
  const { bucket = "" } = useParams();
  return (
    <Page title={bucket} crumbs={crumbsOf(bucket)}>
      <PageTabs
        label="Bucket"
        tabs={[
          { id: "objects", label: "Objects", content: <Objects bucket={bucket} /> },
          { id: "properties", label: "Properties", content: <Properties bucket={bucket} /> },
          { id: "permissions", label: "Permissions", content: <Permissions bucket={bucket} /> },
          { id: "management", label: "Management", content: <Management bucket={bucket} /> },
        ]}
      />
    </Page>
  );
}
