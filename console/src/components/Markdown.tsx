// CommonMark, of labs' guides and of dashboards, as Cloudscape shows text. Nothing in it is ever HTML to the page: what looks like markup is shown as it is written.
import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Link from "@cloudscape-design/components/link";
import TextContent from "@cloudscape-design/components/text-content";
import { lexer, type Token, type Tokens } from "marked";
import { Fragment, type ReactNode } from "react";
import { PageLink } from "./PageLink";

export function Markdown({ text }: { text: string }) {
  return <TextContent>{blocks(lexer(text))}</TextContent>;
}

function blocks(tokens: readonly Token[]): ReactNode {
  return tokens.map((token, index) => <Fragment key={index}>{block(token)}</Fragment>);
}

function block(token: Token): ReactNode {
  switch (token.type) {
    case "heading": return heading(token as Tokens.Heading);
    case "paragraph": return <p>{inline((token as Tokens.Paragraph).tokens)}</p>;
    case "blockquote": return <blockquote>{blocks((token as Tokens.Blockquote).tokens)}</blockquote>;
    case "hr": return <hr />;
    case "code": return <Snippet text={(token as Tokens.Code).text} />;
    case "list": return list(token as Tokens.List);
    case "table": return table(token as Tokens.Table);
    case "text": {
      const { tokens, text } = token as Tokens.Text;
      return tokens === undefined ? plain(text) : inline(tokens);
    }
    case "space":
    // Where links lead; the links have it.
    case "def": return null;
    default: return <p>{token.raw}</p>;
  }
}

function heading({ depth, tokens, text }: Tokens.Heading): ReactNode {
  const id = text.toLowerCase().replace(/[^\w]+/g, "-");
  const content = inline(tokens);
  if (depth === 1) return <h2 id={id}>{content}</h2>;
  if (depth === 2) return <h3 id={id}>{content}</h3>;
  return <h4 id={id}>{content}</h4>;
}

function list({ ordered, items, start }: Tokens.List): ReactNode {
  const entries = items.map((item, index) => <li key={index}>{blocks(item.tokens)}</li>);
  return ordered ? <ol start={typeof start === "number" ? start : 1}>{entries}</ol> : <ul>{entries}</ul>;
}

function table({ header, rows }: Tokens.Table): ReactNode {
  return (
    <table className="guide">
      <thead><tr>{header.map((cell, index) => <th key={index}>{inline(cell.tokens)}</th>)}</tr></thead>
      <tbody>
        {rows.map((row, number) => <tr key={number}>{row.map((cell, index) => <td key={index}>{inline(cell.tokens)}</td>)}</tr>)}
      </tbody>
    </table>
  );
}

function Snippet({ text }: { text: string }) {
  return (
    <div className="snippet">
      <Box float="right"><CopyToClipboard variant="icon" textToCopy={text} copyButtonAriaLabel="Copy" copySuccessText="Copied" copyErrorText="Cannot copy" /></Box>
      <pre className="code" tabIndex={0}>{text}</pre>
    </div>
  );
}

function inline(tokens: readonly Token[]): ReactNode {
  return tokens.map((token, index) => <Fragment key={index}>{span(token)}</Fragment>);
}

function span(token: Token): ReactNode {
  switch (token.type) {
    case "strong": return <strong>{inline((token as Tokens.Strong).tokens)}</strong>;
    case "em": return <em>{inline((token as Tokens.Em).tokens)}</em>;
    case "del": return <s>{inline((token as Tokens.Del).tokens)}</s>;
    case "codespan": return <code>{(token as Tokens.Codespan).text}</code>;
    case "br": return <br />;
    case "link": return link(token as Tokens.Link);
    case "escape": return (token as Tokens.Escape).text;
    case "text": return plain((token as Tokens.Text).text);
    default: return token.raw;
  }
}

/** marked escapes text for HTML, which React does once more. */
function plain(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&");
}

/** Links lead within the console, or out of it by http(s); others are shown as text. */
function link({ href, tokens }: Tokens.Link): ReactNode {
  const content = inline(tokens);
  if (href.startsWith("/console/")) return <PageLink href={href.slice("/console".length)}>{content}</PageLink>;
  if (/^https?:\/\//.test(href)) return <Link href={href} external externalIconAriaLabel="Opens in a new tab">{content}</Link>;
  return content;
}
