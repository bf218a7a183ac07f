// What the scripts of many pages do alike.
import { fromMenu } from "../browser.mjs";

/** The ways of a hand on a page: its buttons, menus, choices and dialogs by what is written on them. */
export function handsOn(page) {
  const dialog = page.getByRole("dialog");
  const button = (name, within = page) => within.getByRole("button", { name, exact: true });
  const hands = {
    dialog,
    button,
    tab: (name) => page.getByRole("tab", { name, exact: true }),
    heading: (name, level) => page.getByRole("heading", { name, exact: typeof name === "string", ...(level !== undefined && { level }) }),
    row: (name) => page.getByRole("row", { name }),
    field: (name, within = page) => within.getByRole("textbox", { name, exact: true }),
    says: (text) => page.getByText(text).first().waitFor(),
    /** An entry of the menu "Actions", or of another menu. */
    act: (item, menu = "Actions") => fromMenu(page, button(menu), { name: item, exact: true }),
    /** From a drop-down list by its label. Lists of several are closed afterwards. */
    choose: async (label, option, { within = page, several = false, at = 0 } = {}) => {
      await within.locator("button[aria-haspopup]").and(within.getByLabel(label, { exact: true })).nth(at).click();
      // One that is chosen already says so in its name.
      const name = typeof option === "string" ? new RegExp(`^(?:Selected )?${option.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`) : option;
      await page.getByRole("option", { name }).first().click();
      if (several) await page.keyboard.press("Escape");
    },
    /** A row of the list that is shown. */
    select: (name) => page.getByRole("radio", { name: `Select ${name}`, exact: true }).or(page.getByRole("checkbox", { name: `Select ${name}`, exact: true })).check(),
    /** The dialog's question, with the word that it asks for. */
    confirm: async (action, word) => {
      if (word !== undefined) await dialog.getByRole("textbox").fill(word);
      await button(action, dialog).click();
    },
    /** Replaces the text of the page's first code editor. */
    writeCode: async (text) => {
      const editor = page.locator(".ace_editor").first();
      await page.locator(".ace_text-input").first().waitFor({ state: "attached" });
      await editor.evaluate((element, value) => element.env.editor.setValue(value, -1), text);
    },
  };
  return hands;
}

export const ROOT = { accessKeyId: "test", secretAccessKey: "test" };
export const ACCOUNT = "000000000000";

/** Settings of an SDK client for the first account's root. */
export const settingsOf = (endpoint, region = "us-east-1") => ({ endpoint, region, credentials: ROOT, forcePathStyle: true });
