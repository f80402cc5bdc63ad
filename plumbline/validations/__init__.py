"""Rules that a library writes in JavaScript. So far the document that lists them."""
