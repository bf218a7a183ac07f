// Controls of NIST SP 800-53 Rev. 5, and what the account's rules say of them.
import { MANAGED_RULES, type ManagedRule } from "./coverage";
import type { RuleView } from "./read";

export type ControlState = "COMPLIANT" | "NON_COMPLIANT" | "NOT_EVALUATED";

export interface ControlView {
  /** Such as `SC-28(1)`. */
  control: string;
  /** What the control's family and base are called by NIST. */
  title: string;
  /** AWS's managed rules that bear on it. */
  rules: readonly ManagedRule[];
  built: number;
  /** The account's rules that bear on it. */
  own: readonly RuleView[];
  state: ControlState;
}

/** NIST's titles of base controls (public domain). */
const TITLES: Readonly<Record<string, string>> = {
  "AC-2": "Account Management", "AC-3": "Access Enforcement", "AC-4": "Information Flow Enforcement", "AC-5": "Separation of Duties", "AC-6": "Least Privilege",
  "AC-7": "Unsuccessful Logon Attempts", "AC-16": "Security and Privacy Attributes", "AC-17": "Remote Access", "AC-19": "Access Control for Mobile Devices", "AC-21": "Information Sharing",
  "AC-24": "Access Control Decisions", "AU-2": "Event Logging", "AU-3": "Content of Audit Records", "AU-4": "Audit Log Storage Capacity",
  "AU-5": "Response to Audit Logging Process Failures", "AU-6": "Audit Record Review, Analysis, and Reporting", "AU-7": "Audit Record Reduction and Report Generation",
  "AU-8": "Time Stamps", "AU-9": "Protection of Audit Information", "AU-10": "Non-repudiation", "AU-11": "Audit Record Retention", "AU-12": "Audit Record Generation",
  "AT-4": "Training Records", "AU-14": "Session Audit", "AU-16": "Cross-organizational Audit Logging", "CA-2": "Control Assessments", "CA-7": "Continuous Monitoring", "CA-9": "Internal System Connections",
  "CM-2": "Baseline Configuration", "CM-3": "Configuration Change Control", "CM-5": "Access Restrictions for Change", "CM-6": "Configuration Settings", "CM-7": "Least Functionality",
  "CM-8": "System Component Inventory", "CM-9": "Configuration Management Plan", "CM-12": "Information Location", "CP-1": "Contingency Planning Policy and Procedures", "CP-2": "Contingency Plan",
  "CP-6": "Alternate Storage Site", "CP-9": "System Backup", "CP-10": "System Recovery and Reconstitution", "IA-2": "Identification and Authentication (Organizational Users)",
  "IA-3": "Device Identification and Authentication", "IA-4": "Identifier Management", "IA-5": "Authenticator Management", "IA-8": "Identification and Authentication (Non-organizational Users)",
  "IR-4": "Incident Handling", "MA-4": "Nonlocal Maintenance", "MP-2": "Media Access", "PM-11": "Mission and Business Process Definition", "PM-14": "Testing, Training, and Monitoring",
  "PE-6": "Monitoring Physical Access", "PM-16": "Threat Awareness Program", "PM-17": "Protecting Controlled Unclassified Information on External Systems", "PM-21": "Accounting of Disclosures", "PM-31": "Continuous Monitoring Strategy",
  "RA-1": "Risk Assessment Policy and Procedures", "RA-3": "Risk Assessment", "RA-5": "Vulnerability Monitoring and Scanning", "RA-10": "Threat Hunting", "SA-1": "System and Services Acquisition Policy and Procedures",
  "SA-3": "System Development Life Cycle", "SA-8": "Security and Privacy Engineering Principles", "SA-11": "Developer Testing and Evaluation", "SA-9": "External System Services", "SA-10": "Developer Configuration Management", "SA-15": "Development Process, Standards, and Tools", "SC-5": "Denial-of-Service Protection",
  "SC-6": "Resource Availability", "SC-7": "Boundary Protection", "SC-8": "Transmission Confidentiality and Integrity", "SC-12": "Cryptographic Key Establishment and Management",
  "SC-13": "Cryptographic Protection", "SC-16": "Transmission of Security and Privacy Attributes", "SC-17": "Public Key Infrastructure Certificates", "SC-22": "Architecture and Provisioning for Name/Address Resolution Service",
  "SC-23": "Session Authenticity", "SC-25": "Thin Nodes", "SC-28": "Protection of Information at Rest", "SC-36": "Distributed Processing and Storage", "SC-43": "Usage Restrictions", "SI-1": "System and Information Integrity Policy and Procedures",
  "SI-2": "Flaw Remediation", "SI-3": "Malicious Code Protection", "SI-4": "System Monitoring", "SI-5": "Security Alerts, Advisories, and Directives", "SI-7": "Software, Firmware, and Information Integrity",
  "SI-10": "Information Input Validation", "SI-12": "Information Management and Retention", "SI-13": "Predictable Failure Prevention", "SI-19": "De-identification", "SI-20": "Tainting",
};

const BY_CONTROL: ReadonlyMap<string, ManagedRule[]> = (() => {
  const found = new Map<string, ManagedRule[]>();
  for (const rule of MANAGED_RULES) for (const control of rule.controls) found.set(control, [...(found.get(control) ?? []), rule]);
  return found;
})();

/** `SC-7` of `SC-7(11)` and of `SC-7a`. */
function base(control: string): string {
  return /^[A-Z]{2}-\d+/.exec(control)?.[0] ?? control;
}

export function viewOf(control: string, accountRules: readonly RuleView[]): ControlView {
  const rules = BY_CONTROL.get(control) ?? [];
  const identifiers = new Set(rules.map(({ identifier }) => identifier));
  const own = accountRules.filter(({ rule }) => rule.Source?.Owner === "AWS" && identifiers.has(rule.Source.SourceIdentifier ?? ""));
  const state = own.some(({ compliance }) => compliance === "NON_COMPLIANT") ? "NON_COMPLIANT"
    : own.some(({ compliance }) => compliance === "COMPLIANT") ? "COMPLIANT" : "NOT_EVALUATED";
  return { control, title: TITLES[base(control)] ?? "", rules, built: rules.filter(({ built }) => built !== undefined).length, own, state };
}

export function controlViews(accountRules: readonly RuleView[]): ControlView[] {
  return [...BY_CONTROL.keys()].sort((a, b) => a.localeCompare(b, "en", { numeric: true })).map((control) => viewOf(control, accountRules));
}
