"""The GraphQL engine of every surface: from the bytes of a request to the bytes of its answer, knowing no schema of its own.

A surface brings an SDL text, which is its contract, and resolvers by `Type.field`; `schema` ties them and refuses what does not fit. A
request then passes, in this order,

1. `request`: bytes to a query, variables and an operation name; CSRF rules;
2. `documents`: the cache by text; on a miss parsing, `limits` (cheap, on the text alone), validation, `prepared` operations;
3. `page_sizes`: how large the answer could get with these variables;
4. `fast_executor`: graphql-core's executor. Root resolvers look ahead with `selection`, load everything in a fixed number of statements and
   return nested dicts (`placement`), by the rule in `resolvers`; `plans` complete those dicts without walking them field by field;
5. `error_answers`: refusals become entries, faults are masked and logged;

and `engine` is the only module that knows the order. `differential` proves, for any schema, that plans change nothing but the time.

Everything runs synchronously in the worker thread of the request; resolvers are plain functions.
"""
