// What pages of KMS read.
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  type KeyMetadata,
  ListAliasesCommand,
  ListGrantsCommand,
  ListKeyRotationsCommand,
  ListResourceTagsCommand,
} from "@aws-sdk/client-kms";
import type { Crumb } from "../../app/breadcrumbs";
import type { Found } from "../../app/service";
import { client } from "../../aws/clients";
import { isDenied } from "../../aws/errors";
import { every, useRead } from "../../aws/queries";
import { kmsKeys } from "../../components/KmsKey";

export const FOLLOWS = ["AWS::KMS::Key", "AWS::KMS::Alias", "kms.keys", "kms.aliases", "kms.grants"];

export interface KeyRow {
  id: string;
  aliases: readonly string[];
  ofAws: boolean;
  /** Undefined where the key's policy does not let one see it. */
  metadata?: KeyMetadata;
}

export function kms(): KMSClient {
  return client(KMSClient);
}

export function useKeys() {
  return useRead({
    key: ["kms", "keys"],
    follows: FOLLOWS,
    read: async () =>
      Promise.all(
        (await kmsKeys()).map(async ({ id, aliases }): Promise<KeyRow> => {
          const metadata = await describe(id).catch((error: unknown) => {
            if (isDenied(error)) return undefined;
            throw error;
          });
          return { id, aliases, metadata, ofAws: metadata?.KeyManager === "AWS" || aliases.some((alias) => alias.startsWith("alias/aws/")) };
        }),
      ),
  });
}

async function describe(KeyId: string): Promise<KeyMetadata | undefined> {
  return (await kms().send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
}

export function useKey(id: string) {
  return useRead<Partial<KeyMetadata>>({ key: ["kms", "key", id], follows: FOLLOWS, read: async () => (await describe(id)) ?? {} });
}

export function useAliases(id: string) {
  return useRead({
    key: ["kms", "aliases", id],
    follows: FOLLOWS,
    read: () => every((Marker) => kms().send(new ListAliasesCommand({ KeyId: id, Marker })), (answer) => [answer.Aliases, answer.NextMarker]),
  });
}

export function useKeyPolicy(id: string) {
  return useRead({ key: ["kms", "policy", id], follows: FOLLOWS, read: async () => (await kms().send(new GetKeyPolicyCommand({ KeyId: id, PolicyName: "default" }))).Policy ?? "" });
}

export function useRotation(id: string) {
  return useRead({
    key: ["kms", "rotation", id],
    follows: [...FOLLOWS, "kms.materials"],
    read: async () => {
      const status = await kms().send(new GetKeyRotationStatusCommand({ KeyId: id }));
      const rotations = await every((Marker) => kms().send(new ListKeyRotationsCommand({ KeyId: id, Marker })), (answer) => [answer.Rotations, answer.NextMarker]);
      return { status, rotations };
    },
  });
}

export function useGrants(id: string) {
  return useRead({
    key: ["kms", "grants", id],
    follows: FOLLOWS,
    read: () => every((Marker) => kms().send(new ListGrantsCommand({ KeyId: id, Marker })), (answer) => [answer.Grants, answer.NextMarker]),
  });
}

export function useKeyTags(id: string) {
  return useRead({
    key: ["kms", "tags", id],
    follows: FOLLOWS,
    read: async () => {
      const tags = await every((Marker) => kms().send(new ListResourceTagsCommand({ KeyId: id, Marker })), (answer) => [answer.Tags, answer.NextMarker]);
      return tags.map(({ TagKey = "", TagValue = "" }) => ({ key: TagKey, value: TagValue }));
    },
  });
}

export function nameOf({ aliases, id }: Pick<KeyRow, "aliases" | "id">): string {
  return aliases[0]?.replace(/^alias\//, "") ?? id;
}

export function crumbsOf(text: string, id: string): Crumb[] {
  return [{ text: "KMS", href: "/kms" }, { text: "Customer managed keys", href: "/kms/keys" }, { text, href: `/kms/keys/${id}` }];
}

export async function found(): Promise<Found[]> {
  return (await kmsKeys()).map((key) => ({ label: nameOf(key), href: `/kms/keys/${key.id}`, kind: "KMS key" }));
}

export const STATES: Record<string, readonly [string, "success" | "stopped" | "warning" | "pending"]> = {
  Enabled: ["Enabled", "success"],
  Disabled: ["Disabled", "stopped"],
  PendingDeletion: ["Pending deletion", "warning"],
  PendingImport: ["Pending import", "pending"],
};

export const USAGES: Record<string, string> = { ENCRYPT_DECRYPT: "Encrypt and decrypt", SIGN_VERIFY: "Sign and verify", GENERATE_VERIFY_MAC: "Generate and verify MAC", KEY_AGREEMENT: "Key agreement" };
