"""Change orders: proposals to change released things, their review, and what approval does.

How one goes is said by a template, which is kept with it:

    template_language    what may stand in a template (typed model of the YAML file, JSON Schema for editors)
    template_reading     a file as a template, with every fault that it has; the file again as JSON
    field_reading        the part of that which is about one field of the form
    template             a template as the product works with it: nothing left open that the file may leave out
    templates            the template that an order keeps, understood, and its stages as a new order begins with them
    field_values         what people fill in, checked against the fields
    shipped              the templates that come with the server

Decisions, all of them pure:

    lifecycle            which verb is possible in which state, and what the state is then
    approval             when a stage of the review is approved or rejected
    content              the digest of what a reviewer decides about
    proposals            the revision and the status that an item is to get
    suggestions          which components a change drags along
    facts, checks        what validations look at, and the built-in ones
    payload              the same as rules of the library are given it

What happens:

    actions              `drafting`, `items` and `seating` before the review, `review` from submission to the end, `releasing` what was
                         approved, `comments` and `delegating` beside it, `validating` keeps what was found
    jobs                 validating, and submitting or resuming what was validated: rules run with no transaction open
    reads, store         questions, and tables; a row is brought up to date, a decision only ever ended
    records              how all of it travels in an archive; `store.laws` says what holds between the rows

An item is looked at in one version. Under review its component is locked (`components.actions.lock`), so that what was decided about is
what is released.
"""
