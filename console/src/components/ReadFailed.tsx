import Alert from "@cloudscape-design/components/alert";
import { failureOf, isDenied, isMissing } from "../aws/errors";

/** Why something could not be read, in the server's words. Nothing where there is no error. */
export function ReadFailed({ error, what }: { error: unknown; what: string }) {
  if (error === null || error === undefined) return null;
  const { code, message } = failureOf(error);
  const header = isDenied(error) ? `You may not see ${what}` : isMissing(error) ? `There is no such ${what}` : `Cannot read ${what}`;
  return <Alert type={isDenied(error) ? "warning" : "error"} header={header}>{`${code}: ${message}`}</Alert>;
}
