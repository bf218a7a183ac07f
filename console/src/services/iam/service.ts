import { lazy } from "react";
import type { ServicePages } from "../../app/service";

const dashboard = lazy(() => import("./Dashboard"));
const inlinePolicy = lazy(() => import("./InlinePolicy"));

export const iam: ServicePages = {
  id: "iam",
  title: "IAM",
  about: "Users, roles and their permissions",
  keywords: ["users", "roles", "policies", "permissions", "Identity and Access Management", "access keys"],
  navigation: [
    { type: "link", text: "Dashboard", href: "/iam/dashboard" },
    {
      type: "section", text: "Access management",
      items: [
        { type: "link", text: "User groups", href: "/iam/groups" },
        { type: "link", text: "Users", href: "/iam/users" },
        { type: "link", text: "Roles", href: "/iam/roles" },
        { type: "link", text: "Policies", href: "/iam/policies" },
        { type: "link", text: "Account settings", href: "/iam/account-settings" },
      ],
    },
    {
      type: "section", text: "Access reports",
      items: [
        { type: "link", text: "Credential report", href: "/iam/credential-report" },
        { type: "link", text: "Policy simulator", href: "/iam/simulator" },
      ],
    },
  ],
  pages: [
    { path: "", page: dashboard },
    { path: "dashboard", page: dashboard },
    { path: "groups", page: lazy(() => import("./Groups")) },
    { path: "groups/:name", page: lazy(() => import("./Group")) },
    { path: "users", page: lazy(() => import("./Users")) },
    { path: "users/:name", page: lazy(() => import("./User")) },
    { path: "roles", page: lazy(() => import("./Roles")) },
    { path: "roles/:name", page: lazy(() => import("./Role")) },
    { path: "roles/:name/trust", page: lazy(() => import("./EditTrust")) },
    { path: "policies", page: lazy(() => import("./Policies")) },
    { path: "policies/:arn", page: lazy(() => import("./Policy")) },
    { path: "policies/:arn/edit", page: lazy(() => import("./EditPolicy")) },
    // Not below /iam/users and so on, where they would hide a user of that name.
    { path: "create/group", page: lazy(() => import("./CreateGroup")) },
    { path: "create/user", page: lazy(() => import("./CreateUser")) },
    { path: "create/role", page: lazy(() => import("./CreateRole")) },
    { path: "create/policy", page: lazy(() => import("./CreatePolicy")) },
    { path: "attach/:kind/:name", page: lazy(() => import("./AttachPolicies")) },
    { path: "inline/:kind/:name", page: inlinePolicy },
    { path: "inline/:kind/:name/:policy", page: inlinePolicy },
    { path: "account-settings", page: lazy(() => import("./AccountSettings")) },
    { path: "credential-report", page: lazy(() => import("./CredentialReport")) },
    { path: "simulator", page: lazy(() => import("./Simulator")) },
    { path: "security-credentials", page: lazy(() => import("./SecurityCredentials")) },
  ],
  search: async () => (await import("./read")).found(),
};
