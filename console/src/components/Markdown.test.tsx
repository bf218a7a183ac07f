import { renderToStaticMarkup } from "react-dom/server";
import { MemoryRouter } from "react-router";
import { describe, expect, test } from "vitest";
import { Markdown } from "./Markdown";

const html = (text: string) => renderToStaticMarkup(<MemoryRouter><Markdown text={text} /></MemoryRouter>);
/** What a person reads: without the tags, with the letters that HTML escapes. */
const read = (text: string) => html(text).replace(/<[^>]*>/g, "").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&#x27;", "'").replaceAll("&amp;", "&").trim();
const hrefs = (text: string) => [...html(text).matchAll(/ href="([^"]*)"/g)].map(([, href]) => href);

describe("what looks like HTML is text", () => {
  test.each([
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "text <b onclick=alert(1)>bold</b> text", "<style>* { display: none }</style>", "<!-- hidden -->", "<svg/onload=alert(1)>", "<iframe src=\"https://example.com\"></iframe>",
    "<a href=\"javascript:alert(1)\">a</a>", "* <script>alert(1)</script>", "> <script>alert(1)</script>", "# <script>alert(1)</script>", "**<script>alert(1)</script>**", "| a |\n|---|\n| <script>alert(1)</script> |", "    <script>alert(1)</script>",
    "```\n<script>alert(1)</script>\n```", "`<script>alert(1)</script>`", "![picture](https://example.com/x.png)", "![picture](x\" onerror=\"alert(1))",
  ])("%s", (text) => {
    const made = html(text);
    expect(made).not.toMatch(/<(script|img|b|style|iframe|a|!--)[\s>/]|<svg[^>]*onload/);
    expect(made).not.toMatch(/<[^>]*\son\w+=/);
    const words = text.replace(/^[*>#] +|^\*\*|\*\*$|`+\n?|^ {4}|^\| a \|\n\|---\|\n\| | \|$/g, "").trim();
    expect(read(text)).toContain(words);
  });
});

describe("links", () => {
  test.each([
    ["[a](https://example.com/?a=1&b=2)", ["https://example.com/?a=1&amp;b=2"]], ["[a](http://example.com)", ["http://example.com"]], ["<https://example.com>", ["https://example.com"]], ["[a][1]\n\n[1]: https://example.com", ["https://example.com"]],
    ["[a](/console/s3/buckets)", ["/console/s3/buckets"]],
  ])("%s leads where it says", (text, expected) => expect(hrefs(text)).toEqual(expected));
  test.each([
    "[a](javascript:alert(1))", "[a](JavaScript:alert(1))", "[a](  javascript:alert(1))", "[a](java\tscript:alert(1))", "[a](&#106;avascript:alert(1))", "[a](data:text/html,<script>alert(1)</script>)", "[a](vbscript:x)", "[a](file:///etc/passwd)",
    "[a](//example.com)", "[a](/signin)", "[a](/\\example.com)", "[a](\\\\example.com)", "[a](ftp://example.com)", "<javascript:alert(1)>", "[a][1]\n\n[1]: javascript:alert(1)", "[a](https:example.com)", "[a](blob:https://example.com/x)", "[a](#top)", "[a]()",
  ])("%s leads nowhere", (text) => {
    expect(hrefs(text)).toEqual([]);
    expect(read(text)).not.toBe("");
  });
  test("what is out of the console opens beside it, and is told nothing of it", () => {
    expect(html("[a](https://example.com)")).toMatch(/<a [^>]*target="_blank"[^>]*rel="noopener noreferrer"|<a [^>]*rel="noopener noreferrer"[^>]*target="_blank"/);
  });
});

test.each([
  ["5 < 6 & 7 > 4 \"quoted\" 'single'", "5 < 6 & 7 > 4 \"quoted\" 'single'"], ["&lt;b&gt; &amp;lt;", "<b> &lt;"], ["`&lt;`", "&lt;"], ["\\*not emphasized\\*", "*not emphasized*"], ["[1]: https://example.com \"title\"\n\ntext", "text"], ["a\n\n---\n\nb", "ab"],
])("%s is read as %s", (text, expected) => expect(read(text)).toBe(expected));

test("headings stand below the page's own, and lists keep their numbers", () => {
  expect(html("# Part one!\n\n## Step\n\n#### Detail")).toMatch(/<h2 id="part-one-">Part one!<\/h2>.*<h3 id="step">Step<\/h3>.*<h4 id="detail">Detail<\/h4>/s);
  expect(html("3. a\n4. **b**")).toMatch(/<ol start="3"><li>a<\/li><li><strong>b<\/strong><\/li><\/ol>/);
});
