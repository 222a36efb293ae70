type Parameter = { name: string; in: string; required: boolean; schema: unknown };
/** By media type; a file has none but its type. */
type Content = Record<string, { schema?: unknown }>;
type Operation = {
  operationId: string;
  summary: string;
  tags: string[];
  parameters: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content: Content }>;
};
type Description = {
  info: { title: string; description: string };
  paths: Record<string, Record<string, Operation>>;
};

/** The API to browse: one page, no script, so that it opens under the strictest content policy. */
export function descriptionPage({ info, paths }: Description): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags[0] ?? ""))];
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${info.title} API</title>
<style>${style}</style></head><body><h1>${info.title} API</h1><p>${escape(info.description)} <a href="/api/openapi.json">openapi.json</a></p>
<nav>${tags.map((tag) => `<a href="#${tag}">${tag}</a>`).join(" ")}</nav>
${tags
  .map(
    (tag) =>
      `<h2 id="${tag}">${tag}</h2>${operations
        .filter(({ operation }) => operation.tags[0] === tag)
        .map(section)
        .join("")}`,
  )
  .join("")}</body></html>`;
}

function section({
  path,
  method,
  operation,
}: {
  path: string;
  method: string;
  operation: Operation;
}): string {
  const body = operation.requestBody?.content;
  const rows = operation.parameters.map(
    (each) =>
      `<tr><td><code>${escape(each.name)}</code></td><td>${each.in}${each.required ? ", required" : ""}</td><td><code>${escape(JSON.stringify(each.schema))}</code></td></tr>`,
  );
  const answers = Object.entries(operation.responses).map(
    ([status, { content }]) => `<h4>${status}</h4>${contentText(content)}`,
  );
  return `<details><summary><b class="${method}">${method}</b> <code>${escape(path)}</code> <span>${escape(operation.summary)}</span></summary>
${rows.length > 0 ? `<table>${rows.join("")}</table>` : ""}${body === undefined ? "" : `<h4>Body</h4>${contentText(body)}`}${answers.join("")}</details>`;
}

const contentText = (content: Content) =>
  Object.entries(content)
    .map(([type, { schema }]) => `<p>${escape(type)}</p>${schema === undefined ? "" : schemaText(schema)}`)
    .join("");
const schemaText = (schema: unknown) => `<pre>${escape(JSON.stringify(schema, null, 1))}</pre>`;
const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const style = `:root{color-scheme:light dark}body{font:14px/20px system-ui;max-width:960px;margin:24px auto;padding:0 16px}nav a{margin-right:8px}
summary{cursor:pointer;padding:6px 0}summary b{display:inline-block;width:64px}summary span{opacity:.7}pre{max-height:320px;overflow:auto;border:1px solid #8884;padding:8px;border-radius:6px}
table{border-collapse:collapse}td{border-bottom:1px solid #8883;padding:4px 12px 4px 0;vertical-align:top;word-break:break-word}details{border-bottom:1px solid #8883}`;
