// Starts GraphiQL against the address that the page names. A file of its own, so that the page needs no inline script.
"use strict";

(function () {
  const place = document.getElementById("explorer");
  const keyHeader = place.dataset.keyHeader;
  const welcome = [
    "# 1. Put your API key into Headers below.",
    "# 2. Read the schema again: two arrows, left.",
    "# 3. Run with Ctrl-Enter. The book on the left",
    "#    shows the documentation of the schema.",
    "",
    "{",
    "  __typename",
    "}",
    "",
  ].join("\n");

  const explorer = React.createElement(
    GraphiQL,
    {
      fetcher: GraphiQL.createFetcher({ url: place.dataset.endpoint }),
      defaultQuery: welcome,
      defaultHeaders: JSON.stringify({ [keyHeader]: "" }, null, 2),
      defaultEditorToolsVisibility: "headers",
      isHeadersEditorEnabled: true,
      // Keys stay in the page and are not written to the browser's storage.
      shouldPersistHeaders: false,
      showPersistHeadersSettings: false,
    },
    React.createElement(GraphiQL.Logo, null, "Plumbline"),
  );
  ReactDOM.createRoot(place).render(explorer);
})();
