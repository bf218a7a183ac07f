// The page that edits one of a bucket's settings: "Edit Bucket Versioning".
import { type ReactNode } from "react";
import { useNavigate } from "react-router";
import type { S3Client } from "@aws-sdk/client-s3";
import { useAct } from "../../aws/queries";
import { FormPage } from "../../components/FormPage";
import { crumbsOf, s3Of } from "./read";

export function EditPage({ bucket, setting, tab, save, disabled = false, children }: {
  bucket: string;
  setting: string;
  tab: string;
  save: (s3: S3Client) => Promise<unknown>;
  disabled?: boolean;
  children: ReactNode;
}) {
  const navigate = useNavigate();
  const back = () => void navigate(`/s3/buckets/${bucket}?tab=${tab}`);
  const title = `Edit ${setting}`;
  const action = useAct({
    what: title,
    run: async () => save(await s3Of(bucket)),
    done: () => `Successfully edited ${setting}.`,
    after: back,
    quiet: true,
  });
  return (
    <FormPage
      title={title}
      crumbs={crumbsOf(bucket, { text: title, href: `/s3/buckets/${bucket}?tab=${tab}` })}
      action="Save changes"
      busy={action.isPending}
      error={action.error}
      disabled={disabled}
      onSubmit={() => action.mutate(undefined)}
      onCancel={back}
    >
      {children}
    </FormPage>
  );
}
