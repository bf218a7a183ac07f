import StatusIndicator from "@cloudscape-design/components/status-indicator";

/** A rule's or resource's compliance in the words of the AWS Config console. `count` is how many resources of a rule are noncompliant. */
export function Compliance({ of, count }: { of: string | undefined; count?: string }) {
  if (of === "COMPLIANT") return <StatusIndicator type="success">Compliant</StatusIndicator>;
  if (of === "NON_COMPLIANT") {
    return <StatusIndicator type="warning">{count === undefined ? "Noncompliant" : `${count} Noncompliant resource(s)`}</StatusIndicator>;
  }
  if (of === "NOT_APPLICABLE") return <StatusIndicator type="stopped">Not applicable</StatusIndicator>;
  return <StatusIndicator type="pending">No results available</StatusIndicator>;
}

/** What the column sorts and filters by. */
export function complianceText(of: string | undefined): string {
  return of === "COMPLIANT" ? "Compliant" : of === "NON_COMPLIANT" ? "Noncompliant" : of === "NOT_APPLICABLE" ? "Not applicable" : "No results available";
}
